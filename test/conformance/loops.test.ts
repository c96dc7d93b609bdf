import { playGroup } from './play-group.ts';

await playGroup('loops');
