use super::abstraction::Abstract;
use super::walk::Walk;

impl<'a> Walk<'a> {
    /// Calls a built-in, one of Crosswalk's functions, or something that is no function at all.
    pub(super) fn builtin(
        &mut self,
        name: &str,
        mut arguments: Vec<Abstract<'a>>,
        context: &Abstract<'a>,
    ) -> Abstract<'a> {
        if may_use_context(name, arguments.len(), context) {
            match name {
                // These hand (part of) the context on instead of only looking at it.
                "each" | "sift" | "lookup" => arguments.insert(0, context.clone()),
                _ => self.consume(context),
            }
        }
        let first = arguments.first().cloned().unwrap_or_default();
        let callbacks = arguments.get(1).cloned().unwrap_or_default();
        let nothing = Abstract::default;
        match name {
            "eval" => self.give_up(),
            "unknown_fields" => {
                self.lineage.unknown = true;
                Abstract::default()
            }
            "map" => {
                let result =
                    self.each_callback(&callbacks, &[first.clone(), nothing(), first.clone()]);
                self.mapped(&first, &result);
                result
            }
            "filter" | "single" => {
                let kept =
                    self.each_callback(&callbacks, &[first.clone(), nothing(), first.clone()]);
                self.consume(&kept);
                if name == "single" {
                    self.consume(&first);
                }
                first
            }
            "each" | "sift" => {
                self.consume(&first);
                let result =
                    self.each_callback(&callbacks, &[first.part(), nothing(), first.clone()]);
                if name == "each" {
                    return result;
                }
                self.consume(&result);
                first
            }
            "reduce" => self.reduce(&arguments),
            "sort" => {
                if callbacks.functions.is_empty() {
                    self.consume(&first);
                } else {
                    let order = self.each_callback(&callbacks, &[first.clone(), first.clone()]);
                    self.consume(&order);
                }
                first
            }
            "append" | "reverse" | "shuffle" | "zip" | "merge" => all(arguments),
            "distinct" => {
                self.consume(&first);
                first
            }
            "spread" | "lookup" => {
                for argument in &arguments {
                    self.consume(argument);
                }
                first.part()
            }
            _ => {
                for argument in &arguments {
                    self.consume(argument);
                }
                // A replacement function and the like: called with what the built-in makes of its arguments.
                let given = all(arguments);
                if !given.functions.is_empty() {
                    let part = Abstract {
                        functions: Vec::new(),
                        ..given.part()
                    };
                    let result = self.each_callback(&given, &[part.clone(), part.clone(), part]);
                    self.consume(&result);
                }
                Abstract::default()
            }
        }
    }

    /// Calls every function in `callbacks`; with none known there is nothing to call.
    fn each_callback(
        &mut self,
        callbacks: &Abstract<'a>,
        arguments: &[Abstract<'a>],
    ) -> Abstract<'a> {
        self.consume(callbacks);
        let mut result = Abstract::default();
        for function in &callbacks.functions {
            // A function applied as a callback has no context of its own.
            result = result.or(self.apply(function, arguments.to_vec(), &Abstract::default()));
        }
        result
    }

    /// `$reduce(list, function($accumulated, $item){…}, initial)`: what is accumulated goes round until nothing new
    /// comes in.
    fn reduce(&mut self, arguments: &[Abstract<'a>]) -> Abstract<'a> {
        let list = arguments.first().cloned().unwrap_or_default();
        let callbacks = arguments.get(1).cloned().unwrap_or_default();
        let initial = arguments.get(2).cloned().unwrap_or_default();
        let mut accumulated = initial.or(list.clone());
        for _ in 0..4 {
            let size = accumulated.size();
            let given = [
                accumulated.clone(),
                list.clone(),
                Abstract::default(),
                list.clone(),
            ];
            let result = self.each_callback(&callbacks, &given);
            accumulated = accumulated.or(result);
            // A result that is only compared or summed carries no origins and settles at once.
            if accumulated.size() == size {
                self.mapped(&list, &accumulated);
                return accumulated;
            }
        }
        self.give_up()
    }
}

fn all(arguments: Vec<Abstract<'_>>) -> Abstract<'_> {
    arguments
        .into_iter()
        .fold(Abstract::default(), Abstract::or)
}

/// Whether a call with so many arguments may fill one in from the context (`name.$uppercase()`).
///
/// With fewer arguments than `least` it does. From `sure` on it cannot. Between the two it depends on the types met
/// at run time (`name.$substring(0, 2)`); the record itself, an object, is then not what a text function takes.
fn may_use_context(name: &str, count: usize, context: &Abstract<'_>) -> bool {
    let (least, sure) = match name {
        "string" | "length" | "lowercase" | "uppercase" | "trim" | "number" | "abs" | "floor"
        | "ceil" | "sqrt" | "round" | "formatBase" | "boolean" | "not" | "keys" | "spread"
        | "toMillis" | "base64encode" | "base64decode" | "encodeUrl" | "encodeUrlComponent"
        | "decodeUrl" | "decodeUrlComponent" => (1, 1),
        "fromMillis" => (1, 3),
        "substringBefore" | "substringAfter" | "contains" | "power" | "formatInteger"
        | "parseInteger" | "lookup" | "each" | "sift" => (2, 2),
        "substring" | "pad" | "split" | "match" | "formatNumber" => (2, 3),
        "replace" => (3, 4),
        _ => return false,
    };
    count < least || (count < sure && !context.is_root())
}
