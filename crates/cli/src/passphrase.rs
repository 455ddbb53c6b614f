//! Where the vault's passphrase and a client's secret come from: never from an argument.

use std::io::{BufRead, IsTerminal, Read};

use crosswalk_console::{Fault, Secret};

/// The first line of what is read, without its line end; the rest is not looked at.
fn first_line(mut text: String) -> Secret {
    let end = text.find(['\r', '\n']).unwrap_or(text.len());
    text.truncate(end);
    Secret::from(text)
}

/// Reads a file descriptor to its end.
#[cfg(unix)]
fn read_descriptor(number: i32) -> std::io::Result<String> {
    use std::os::fd::FromRawFd;
    if number < 3 && number != 0 {
        return Err(std::io::Error::other(
            "0 or a descriptor from 3 up is needed",
        ));
    }
    // SAFETY: the caller of this program opened the descriptor for it to read and close; the standard
    // streams 1 and 2, which others here use, are refused above, and fcntl tells whether it is open.
    let open = unsafe { libc::fcntl(number, libc::F_GETFD) } != -1;
    if !open {
        return Err(std::io::Error::from_raw_os_error(libc::EBADF));
    }
    // SAFETY: as above; ownership passes to the `File`, which closes it.
    let mut file = unsafe { std::fs::File::from_raw_fd(number) };
    let mut text = String::new();
    file.read_to_string(&mut text)?;
    Ok(text)
}

#[cfg(not(unix))]
fn read_descriptor(_: i32) -> std::io::Result<String> {
    Err(std::io::Error::other(
        "file descriptors are passed on Unix only; use XWALK_PASSPHRASE",
    ))
}

/// The vault's passphrase: the descriptor, else `XWALK_PASSPHRASE`, else asked for. `new` asks twice.
///
/// # Errors
/// `passphrase_missing` where nobody can be asked.
pub(crate) fn vault(descriptor: Option<i32>, new: bool) -> Result<Secret, Fault> {
    if let Some(number) = descriptor {
        return read_descriptor(number).map(first_line).map_err(|error| {
            Fault::invalid(
                "passphrase_missing",
                format!("The passphrase could not be read from descriptor {number}: {error}."),
                "Pass an open descriptor, as in `xwalk --passphrase-fd 3 … 3<file`.",
            )
        });
    }
    if let Ok(text) = std::env::var("XWALK_PASSPHRASE") {
        return Ok(Secret::from(text));
    }
    if !std::io::stdin().is_terminal() {
        return Err(Fault::locked(
            "vault_locked",
            "The vault's passphrase is needed and nobody can be asked.",
            "Set XWALK_PASSPHRASE or use --passphrase-fd N.",
        ));
    }
    let asked = ask("Passphrase of the vault: ")?;
    if new {
        let again = ask("Once more: ")?;
        if asked != again {
            return Err(Fault::invalid(
                "passphrase_differs",
                "The two passphrases differ.",
                "Try again.",
            ));
        }
    }
    Ok(asked)
}

fn ask(prompt: &str) -> Result<Secret, Fault> {
    rpassword::prompt_password(prompt)
        .map(Secret::from)
        .map_err(|error| {
            Fault::failed(
                "prompt_failed",
                format!("The terminal could not be asked: {error}."),
                "Use stdin or a descriptor instead.",
            )
        })
}

/// A secret: stdin if told so, a hidden `prompt` on a terminal, else none.
///
/// # Errors
/// `secret_missing` when stdin was named and holds nothing.
pub(crate) fn client_secret(
    from_stdin: bool,
    prompt: Option<&str>,
) -> Result<Option<Secret>, Fault> {
    if from_stdin {
        let mut text = String::new();
        std::io::stdin()
            .lock()
            .read_to_string(&mut text)
            .map_err(|error| {
                Fault::invalid(
                    "secret_missing",
                    format!("The secret could not be read from stdin: {error}."),
                    "Pipe it in: `xwalk … --client-secret-stdin < file`.",
                )
            })?;
        let text = Secret::from(text);
        // A private key has many lines; only the line end that `echo` adds is not part of a secret.
        let secret = text.expose().trim_end_matches(['\r', '\n']);
        if secret.is_empty() {
            return Err(Fault::invalid(
                "secret_missing",
                "Stdin holds no secret.",
                "Pipe it in: `xwalk … --client-secret-stdin < file`.",
            ));
        }
        return Ok(Some(Secret::from(secret.to_owned())));
    }
    match prompt.filter(|_| std::io::stdin().is_terminal()) {
        Some(prompt) => {
            let secret = ask(prompt)?;
            Ok(Some(secret).filter(|secret| !secret.expose().is_empty()))
        }
        None => Ok(None),
    }
}

/// Asks for a line on a terminal; `None` where nobody can be asked.
pub(crate) fn line(prompt: &str) -> Option<String> {
    if !std::io::stdin().is_terminal() {
        return None;
    }
    eprint!("{prompt}");
    let mut text = String::new();
    std::io::stdin().lock().read_line(&mut text).ok()?;
    Some(text.trim().to_owned())
}
