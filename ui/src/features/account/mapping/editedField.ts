import type { LevelEntry, MappingRow } from "../../../backend";
import { typeName } from "./fieldTypes";

/** The field an override is written for, as far as the editor needs it. */
export interface EditedField {
  field: string;
  type: string;
  required: boolean;
  /** Whether its type is the user's to choose: a custom field, or one that was added to the model. */
  typed: boolean;
  /** The type the user gave it, as an override keeps it. */
  addedType: string | null;
  enumValues: readonly string[];
  expression: string | null;
  level: string | null;
  levels: readonly LevelEntry[];
}

export function editedField(row: MappingRow): EditedField {
  return {
    field: row.field,
    type: row.type,
    required: row.required,
    typed: row.custom || row.added,
    addedType: row.added_type,
    enumValues: row.enum_values,
    expression: row.expression,
    level: row.level,
    levels: row.levels,
  };
}

/** A field of the customer's own that no level maps yet: `custom_fields.NAME`, or one the model gets with this type. */
export function newField(field: string, addedType: string | null = null): EditedField {
  return {
    field,
    type: typeName(addedType ?? JSON.stringify("any")),
    required: false,
    typed: true,
    addedType,
    enumValues: [],
    expression: null,
    level: null,
    levels: [],
  };
}

/** The levels a user may write at, the narrower first. An account without an environment has only its own. */
export function writableLevels(environment: string | null): string[] {
  return environment === null ? ["account"] : ["account", "environment"];
}

/** The scope of a level: the account's or its environment's slug. */
export function scopeOf(level: string, account: { id: string; environment: string | null }): string {
  return level === "environment" && account.environment !== null ? account.environment : account.id;
}

/**
 * The resource whose override is changed at a level: of the one that is in force there, null where that holds for every
 * resource of the model.
 */
export function resourceAt(levels: readonly LevelEntry[], level: string, resource: string): string | null {
  const entry = levels.find((each) => each.level === level);
  return entry ? entry.resource : resource;
}

/** What holds once what is said at a level is taken away, as in "back to …"; null where nothing is left. */
export function fallsBackTo(levels: readonly LevelEntry[], level: string): string | null {
  const at = levels.findIndex((each) => each.level === level);
  if (levels[at]?.hides_general) {
    return `what the ${level} level says for every resource`;
  }
  const below = levels[at - 1];
  return below ? `the ${below.level} level` : null;
}

/** What the levels below the winning one would have given, next lower first. */
export function hiddenLevels(field: Pick<EditedField, "levels">): LevelEntry[] {
  return field.levels.slice(0, -1).toReversed();
}

/** Whether a field of this type holds a list, so that all elements of a raw list are meant. */
export function holdsList(type: string): boolean {
  return /\blist\b|\[\]/.test(type);
}
