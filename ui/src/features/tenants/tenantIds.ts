/** An id made from a name: `Müller & Söhne` becomes `muller-sohne`. Empty when nothing of it can be used. */
export function slugOf(name: string): string {
  return name
    .normalize("NFD")
    .replaceAll(/[\u0300-\u036f]/g, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, 48);
}

/** What is wrong with an id, or null. */
export function idProblem(id: string): string | null {
  if (id === "") {
    return "Give it an id: it is its name in commands and links.";
  }
  return /^[a-z0-9][a-z0-9-]*$/.test(id)
    ? null
    : "An id has small letters, digits and hyphens, and starts with a letter or digit.";
}
