import type { Backend } from "../../../backend";
import { eventBus, fakeAccount } from "./fakeAccount";
import { fakeMapping } from "./mappingCommands";

/** The account screens' commands for one test, with the mapping they work on and a way to push events. */
export function accountWindow(overrides: Partial<Backend>) {
  const bus = eventBus();
  const mapping = fakeMapping();
  return {
    mapping,
    emit: bus.emit,
    listen: bus.listen,
    commands: { ...fakeAccount(bus.emit, mapping), ...overrides } satisfies Partial<Backend>,
  };
}
