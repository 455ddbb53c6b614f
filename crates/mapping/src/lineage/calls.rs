use jsonata_core::ast::AstNode;

use super::abstraction::FrameId;
use super::abstraction::{Abstract, Function};
use super::walk::{DEEPEST, LARGEST, Walk};

impl<'a> Walk<'a> {
    pub(super) fn pipe(
        &mut self,
        lhs: &'a AstNode,
        rhs: &'a AstNode,
        context: &Abstract<'a>,
        frame: FrameId,
    ) -> Abstract<'a> {
        let left = self.value(lhs, context, frame);
        if let AstNode::Function { name, args, .. } = rhs
            && !args.iter().any(|arg| matches!(arg, AstNode::Placeholder))
        {
            return self.call(name, Some(left), args, context, frame);
        }
        let right = self.value(rhs, context, frame);
        if left.holds_no_data() && !left.functions.is_empty() {
            let mut composed = Abstract::default();
            for first in &left.functions {
                for second in &right.functions {
                    composed.functions.push(Function::Composed(
                        Box::new(first.clone()),
                        Box::new(second.clone()),
                    ));
                }
            }
            return composed;
        }
        self.apply_any(&right, &[Some(left)], context)
    }

    pub(super) fn arguments(
        &mut self,
        args: &'a [AstNode],
        context: &Abstract<'a>,
        frame: FrameId,
    ) -> Vec<Option<Abstract<'a>>> {
        args.iter()
            .map(|arg| match arg {
                AstNode::Placeholder => None,
                _ => Some(self.value(arg, context, frame)),
            })
            .collect()
    }

    /// A call by name; `first` is what `~>` hands over.
    pub(super) fn call(
        &mut self,
        name: &'a str,
        first: Option<Abstract<'a>>,
        args: &'a [AstNode],
        context: &Abstract<'a>,
        frame: FrameId,
    ) -> Abstract<'a> {
        // `$lookup(object, "key")` reads one key, which only the written argument shows.
        if let ("lookup", [.., AstNode::String(key)]) = (name, args)
            && args.len() + usize::from(first.is_some()) == 2
            && self.look_up(name, frame).is_none()
        {
            let object = match first {
                Some(object) => object,
                None => self.value(&args[0], context, frame),
            };
            return object.member(key);
        }
        let mut arguments: Vec<_> = first.into_iter().map(Some).collect();
        arguments.extend(self.arguments(args, context, frame));
        let callee = self.variable(name, frame);
        self.apply_any(&callee, &arguments, context)
    }

    /// Calls whatever `callee` may be; an argument left out (`?`) makes a partial application.
    pub(super) fn apply_any(
        &mut self,
        callee: &Abstract<'a>,
        arguments: &[Option<Abstract<'a>>],
        context: &Abstract<'a>,
    ) -> Abstract<'a> {
        self.consume(callee);
        if callee.functions.is_empty() {
            for argument in arguments.iter().flatten() {
                self.consume(argument);
            }
            return Abstract::default();
        }
        let mut result = Abstract::default();
        for function in callee.functions.clone() {
            if arguments.iter().any(Option::is_none) {
                result.functions.push(Function::Partial {
                    function: Box::new(function),
                    arguments: arguments.to_vec(),
                });
            } else {
                let arguments = arguments.iter().flatten().cloned().collect();
                result = result.or(self.apply(&function, arguments, context));
            }
        }
        result
    }

    pub(super) fn apply(
        &mut self,
        function: &Function<'a>,
        arguments: Vec<Abstract<'a>>,
        context: &Abstract<'a>,
    ) -> Abstract<'a> {
        self.budget = self.budget.saturating_sub(1);
        if self.budget == 0 || self.depth == DEEPEST || self.lineage.whole {
            return self.give_up();
        }
        self.depth += 1;
        let result = self.applied(function, arguments, context);
        self.depth -= 1;
        if result.size() > LARGEST {
            return self.give_up();
        }
        result
    }

    /// What the parameters of a function may be given; none where that cannot be told.
    ///
    /// Without a signature the arguments are given in their order. With one their types decide which parameter gets which, and whether the call fails, so
    /// each may be any of them and all are looked at. A parameter marked with `-` that gets none is given the value the function is called on, and which
    /// that is depends on how it is called.
    fn by_signature(
        &mut self,
        signature: Option<&str>,
        params: usize,
        arguments: Vec<Abstract<'a>>,
    ) -> Option<Vec<Abstract<'a>>> {
        match signature {
            None => Some(arguments),
            Some(signature) if signature.contains('-') => None,
            Some(_) => {
                for argument in &arguments {
                    self.consume(argument);
                }
                let any = arguments
                    .into_iter()
                    .fold(Abstract::default(), Abstract::or);
                Some(vec![any; params])
            }
        }
    }

    fn applied(
        &mut self,
        function: &Function<'a>,
        arguments: Vec<Abstract<'a>>,
        context: &Abstract<'a>,
    ) -> Abstract<'a> {
        match function {
            Function::Builtin(name) => self.builtin(name, arguments, context),
            Function::Lambda {
                params,
                signature,
                body,
                frame,
                context,
            } => {
                let body: &'a AstNode = body;
                let Some(arguments) = self.by_signature(*signature, params.len(), arguments) else {
                    return self.give_up();
                };
                // What a function that calls itself reads has no bound that the tree tells.
                if self.running.contains(&std::ptr::from_ref(body)) {
                    return self.give_up();
                }
                self.running.push(body);
                let inner = self.open(*frame);
                let mut given = arguments.into_iter();
                for parameter in *params {
                    let value = given.next().unwrap_or_default();
                    self.bind_parameter(parameter, value, inner);
                }
                let result = self.value(body, context, inner);
                self.running.pop();
                result
            }
            Function::Partial {
                function,
                arguments: bound,
            } => {
                let mut given = arguments.into_iter();
                let all = bound
                    .iter()
                    .map(|bound| bound.clone().or_else(|| given.next()).unwrap_or_default())
                    .collect();
                self.apply(function, all, context)
            }
            Function::Composed(first, second) => {
                let between = self.apply(first, arguments, context);
                self.apply(second, vec![between], context)
            }
            Function::Transform {
                location,
                update,
                delete,
                frame,
            } => {
                let target = arguments.into_iter().next().unwrap_or_default();
                let located = self.value(location, &target, *frame);
                let changes = self.value(update, &located, *frame);
                self.consume(&changes);
                self.touch(&located);
                if let Some(delete) = delete {
                    self.consumed(delete, &located, *frame);
                }
                // Any member of the copy may be one of the update's.
                let any = changes.part();
                target.or(Abstract {
                    any: Some(Box::new(any)),
                    ..Abstract::default()
                })
            }
        }
    }
}
