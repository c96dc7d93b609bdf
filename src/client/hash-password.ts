export { hashPassword } from '../identity/index.ts';
