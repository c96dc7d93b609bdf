export { didYouMean } from '../model/suggest.ts';
