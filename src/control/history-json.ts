import { createRequire } from 'node:module';
import type { Client } from '@temporalio/client';

/** A history as Temporal's SDK has it in memory. */
export type History = Awaited<ReturnType<ReturnType<Client['workflow']['getHandle']>['fetchHistory']>>;

interface ProtoJson {
  toJson(type: unknown, message: unknown): unknown;
  fromJson(type: unknown, json: unknown, options: { readonly ignoreUnknownFields: boolean }): History;
}
interface ProtoRoot {
  lookupType(name: string): { fromObject(value: unknown): unknown };
}

// The SDK's own `historyToJSON` and `historyFromJSON` fail ("type must be a Type") where npm gives two of its packages a
// copy of protobufjs each, which is what npm does here. These use the copy that the message types were made with.
const required = createRequire(createRequire(import.meta.url).resolve('@temporalio/proto'));
const protoJson = required('protobufjs/ext/protojson') as ProtoJson;
const { patchProtobufRoot } = required('./../lib/patch-protobuf-root.js') as {
  readonly patchProtobufRoot: (root: unknown) => ProtoRoot;
};
const historyType = patchProtobufRoot(required('@temporalio/proto')).lookupType(
  'temporal.api.history.v1.History',
);

/** The text of a history, as `temporal workflow show --output json` has it. */
export function historyToJson(history: History): string {
  return JSON.stringify(protoJson.toJson(historyType, historyType.fromObject(history)));
}

/** A history that can be replayed. @throws TypeError when the text is none */
export function historyFromJson(text: string): History {
  return protoJson.fromJson(historyType, JSON.parse(text), { ignoreUnknownFields: true });
}
