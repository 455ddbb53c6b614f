//! How a run of `xwalk` ended, and what it may be asked.

use serde_json::Value;

/// How a run of `xwalk` ended.
#[derive(Debug)]
pub struct Outcome {
    /// As typed, for messages of failing tests.
    pub line: String,
    /// The exit code; none if a signal ended it.
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl std::fmt::Display for Outcome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            line,
            code,
            stdout,
            stderr,
        } = self;
        write!(
            f,
            "$ xwalk {line}\nexit {code:?}\n--- stdout\n{stdout}\n--- stderr\n{stderr}"
        )
    }
}

impl Outcome {
    /// The exit code is this one, and nothing panicked.
    #[track_caller]
    pub fn exits(&self, code: i32) -> &Self {
        assert_eq!(self.code, Some(code), "{self}");
        for text in [&self.stdout, &self.stderr] {
            assert!(
                !text.contains("panicked at") && !text.contains("RUST_BACKTRACE"),
                "{self}"
            );
        }
        self
    }

    /// Exactly one JSON document on stdout.
    #[track_caller]
    pub fn document(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self}"))
    }

    /// JSON Lines on stdout.
    #[track_caller]
    pub fn lines(&self) -> Vec<Value> {
        let parsed: Result<Vec<Value>, _> = self.stdout.lines().map(serde_json::from_str).collect();
        parsed.unwrap_or_else(|error| panic!("{error}: {self}"))
    }

    /// Done, with a document.
    #[track_caller]
    pub fn done(&self) -> Value {
        self.exits(0).document()
    }

    /// Failed without a result: the one error on stdout, whole.
    #[track_caller]
    pub fn fails(&self, code: i32) -> Value {
        let document = self.exits(code).document();
        assert_eq!(document.as_object().unwrap().len(), 1, "{self}");
        self.whole_error(&document["error"]);
        document["error"].clone()
    }

    /// Failed in lines mode: nothing but whole lines on stdout, the one error on stderr.
    #[track_caller]
    pub fn fails_on_stderr(&self, code: i32) -> Value {
        self.exits(code).lines();
        let error = self.stderr.lines().find_map(|line| {
            let document: Value = serde_json::from_str(line).ok()?;
            document.get("error").cloned()
        });
        let error = error.unwrap_or_else(|| panic!("no error on stderr: {self}"));
        self.whole_error(&error);
        error
    }

    /// Failed with a result that carries the error.
    #[track_caller]
    pub fn result_with_error(&self, code: i32) -> Value {
        let document = self.exits(code).document();
        self.whole_error(&document["error"]);
        document
    }

    /// An error has a code, a message and the next step.
    #[track_caller]
    pub fn whole_error(&self, error: &Value) {
        let code = error["code"].as_str().unwrap_or_default();
        let snake = code
            .bytes()
            .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'));
        assert!(!code.is_empty() && snake, "code {code:?}: {self}");
        for part in ["message", "hint"] {
            let text = error[part].as_str().unwrap_or_default();
            assert!(text.len() > 8, "{part} {text:?}: {self}");
        }
    }

    /// Everything it wrote.
    pub fn everything(&self) -> String {
        format!("{}{}", self.stdout, self.stderr)
    }
}

/// The object has at least these keys.
#[track_caller]
pub fn has_keys(value: &Value, keys: &[&str]) {
    let object = value
        .as_object()
        .unwrap_or_else(|| panic!("not an object: {value}"));
    for key in keys {
        assert!(object.contains_key(*key), "{key} is missing in {value:#}");
    }
}
