//! What was typed: wrong usage in the form that was asked for, and whether the answer is lines.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Command, CommandFactory as _};
use crosswalk_console::Fault;

use crate::args::Cli;
use crate::output::Output;

/// The command that was named, with the names that lead to it.
fn named<'c>(root: &'c Command, words: &[OsString]) -> (Vec<&'c str>, &'c Command) {
    let mut path = Vec::new();
    let mut at = root;
    for word in words {
        if let Some(next) = at.find_subcommand(word) {
            path.push(next.get_name());
            at = next;
        }
    }
    (path, at)
}

/// Whether the words name a command that prints JSON Lines, whose failures therefore go to stderr, also where the rest
/// of the words is wrong.
pub(crate) fn prints_lines(words: &[OsString]) -> bool {
    let root = Cli::command();
    let has = |flag: &str| words.iter().any(|word| word == flag);
    match named(&root, words).0.as_slice() {
        ["records" | "sandbox" | "daemon"] | ["audit", "export"] => true,
        ["jsonata"] => has("--batch"),
        ["query"] => !has("--list"),
        _ => false,
    }
}

/// Whether one JSON document, or JSON Lines, were asked for.
pub(crate) fn wants_json(words: &[OsString]) -> bool {
    words.iter().any(|word| word == "--json")
}

/// The first line of a parser's message as a sentence.
fn sentence(line: &str) -> String {
    let line = line
        .trim()
        .trim_start_matches("error: ")
        .trim_end_matches([':', '.']);
    let mut letters = line.chars();
    letters.next().map_or_else(String::new, |first| {
        format!("{}{}.", first.to_uppercase(), letters.as_str())
    })
}

fn strings(error: &clap::Error, kind: ContextKind) -> Option<String> {
    match error.get(kind)? {
        ContextValue::Strings(values) if !values.is_empty() => Some(values.join(", ")),
        _ => None,
    }
}

/// Wrong usage as a failure like any other.
fn fault(error: &clap::Error, words: &[OsString]) -> Fault {
    let help = "`xwalk --help` and `xwalk COMMAND --help` say what can be typed.";
    let (message, hint) = match error.kind() {
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand | ErrorKind::MissingSubcommand => {
            let root = Cli::command();
            let (path, at) = named(&root, words);
            let names: Vec<&str> = at
                .get_subcommands()
                .filter(|one| !one.is_hide_set())
                .map(Command::get_name)
                .collect();
            let path = [&["xwalk"][..], &path].concat().join(" ");
            let message = format!("`{path}` needs a command behind it.");
            (message, format!("It has: {}.", names.join(", ")))
        }
        ErrorKind::MissingRequiredArgument => {
            let missing = strings(error, ContextKind::InvalidArg);
            let message = missing.map_or_else(
                || "Something is missing.".to_owned(),
                |missing| format!("Missing: {missing}."),
            );
            (message, help.to_owned())
        }
        _ => {
            let text = error.to_string();
            let valid = strings(error, ContextKind::ValidValue);
            (
                sentence(text.lines().next().unwrap_or_default()),
                valid.map_or_else(|| help.to_owned(), |valid| format!("It can be: {valid}.")),
            )
        }
    };
    Fault::invalid("usage", message, hint)
}

/// Tells help, the version, or wrong usage in the form that was asked for.
pub(crate) fn failure(error: &clap::Error, words: &[OsString]) -> ExitCode {
    if matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
    ) {
        let _ = error.print();
        return ExitCode::SUCCESS;
    }
    if wants_json(words) {
        return Output::new(true).failure(&fault(error, words), prints_lines(words));
    }
    let _ = error.print();
    ExitCode::from(2)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use clap::Parser as _;

    use super::*;

    fn words(line: &str) -> Vec<OsString> {
        line.split(' ').map(OsString::from).collect()
    }

    #[test]
    fn wrong_usage_is_told_in_sentences() {
        for (line, message, hint) in [
            (
                "tenant --json",
                "`xwalk tenant` needs a command behind it.",
                "It has: add, list, remove",
            ),
            (
                "map pin --json",
                "`xwalk map pin` needs a command behind it.",
                "It has: add",
            ),
            ("tenant add --json", "Missing: <ID>.", "--help"),
            (
                "nonsense --json",
                "Unrecognized subcommand 'nonsense'.",
                "--help",
            ),
            (
                "sync a invoices --mode everything --json",
                "Invalid value 'everything' for '--mode <MODE>'.",
                "It can be: test, full, incremental, unexported.",
            ),
        ] {
            let words = words(line);
            let typed = std::iter::once(OsString::from("xwalk")).chain(words.clone());
            let error = Cli::try_parse_from(typed).unwrap_err();
            let fault = fault(&error, &words);
            assert_eq!(fault.message, message, "{line}");
            assert!(fault.hint.unwrap().contains(hint), "{line}");
        }
    }

    #[test]
    fn a_command_that_prints_lines_is_known_by_its_words() {
        for (line, lines) in [
            ("records acme invoices", true),
            ("--workspace w records", true),
            ("audit export --since", true),
            ("audit verify", false),
            ("query acme m/x", true),
            ("query acme m/x --list", false),
            ("jsonata a", false),
            ("jsonata --batch", true),
            ("sandbox --port x", true),
            ("tenant list", false),
            ("", false),
        ] {
            assert_eq!(prints_lines(&words(line)), lines, "{line}");
        }
    }
}
