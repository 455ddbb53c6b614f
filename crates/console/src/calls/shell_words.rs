//! Words of a shell command.

/// A word as a POSIX shell reads it back: as it is where it is plain, else between single quotes.
pub(crate) fn quoted(word: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:=@%+,".contains(&byte);
    if !word.is_empty() && word.bytes().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_reads_back_what_was_quoted() {
        for (word, expected) in [
            ("plain-1.0", "plain-1.0"),
            ("", "''"),
            ("a b", "'a b'"),
            ("$HOME", "'$HOME'"),
            ("it's", r"'it'\''s'"),
            ("a\nb", "'a\nb'"),
            ("`id`", "'`id`'"),
        ] {
            assert_eq!(quoted(word), expected);
        }
    }

    #[cfg(unix)]
    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig { cases: 60, ..proptest::prelude::ProptestConfig::default() })]

        /// A real shell reads back whatever a provider could put into an address, and runs none of it.
        #[test]
        fn a_real_shell_reads_it_back(words in proptest::collection::vec("[ -~\n\té]{0,20}|[$`\"'\\\\;&|<>()!*?#~]{1,9}|\\$\\(touch x\\)|' ; id ; '", 1..5)) {
            let quoted: Vec<String> = words.iter().map(|word| quoted(word)).collect();
            let done = std::process::Command::new("sh")
                .args(["-c", &format!("printf '%s\\0' {}", quoted.join(" "))])
                .output()
                .map_err(|error| proptest::test_runner::TestCaseError::fail(error.to_string()))?;
            let expected: String = words.iter().map(|word| format!("{word}\0")).collect();
            proptest::prop_assert_eq!(String::from_utf8_lossy(&done.stdout), expected);
        }
    }
}
