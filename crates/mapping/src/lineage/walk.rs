use std::collections::HashMap;

use jsonata_core::ast::{AstNode, BinaryOp, PathStep, Stage};
use jsonata_core::value::with_stack;

use super::Lineage;
use super::abstraction::{Abstract, FrameId, Function, Origin};

/// Nodes looked at before giving up and saying "the whole record". Function bodies count once per call; the
/// longest shipped expression needs under 400.
const BUDGET: usize = 20_000;

/// How much may be known of one value before giving up. An expression can double a value with every assignment;
/// this walk happens outside of the worker, so it has to stop by itself.
pub(super) const LARGEST: usize = 1_000;

/// Calls within calls before giving up.
pub(super) const DEEPEST: usize = 64;

/// What the expression reads.
pub(super) fn reads(ast: &AstNode) -> Lineage {
    let mut walk = Walk {
        lineage: Lineage::default(),
        budget: BUDGET,
        frames: vec![Frame::default()],
        ancestors: HashMap::new(),
        running: Vec::new(),
        depth: 0,
    };
    let result = walk.value(ast, &Abstract::root(), 0);
    walk.consume(&result);
    walk.lineage.settle()
}

#[derive(Default)]
struct Frame<'a> {
    parent: Option<FrameId>,
    variables: HashMap<&'a str, Abstract<'a>>,
}

/// Evaluates an expression on a record of which only the shape of the questions is known.
pub(super) struct Walk<'a> {
    pub(super) lineage: Lineage,
    pub(super) budget: usize,
    frames: Vec<Frame<'a>>,
    /// What `%` refers to, by the label the parser gave it.
    ancestors: HashMap<&'a str, Abstract<'a>>,
    /// Bodies of the functions being called, to notice one that calls itself.
    pub(super) running: Vec<*const AstNode>,
    pub(super) depth: usize,
}

impl<'a> Walk<'a> {
    /// The value is looked at as a whole: everything it may come from is read.
    pub(super) fn consume(&mut self, value: &Abstract<'a>) {
        for origin in &value.origins {
            // An empty key cannot be spelled in a path; what holds it is read instead.
            let spelled = origin.path.iter().take_while(|key| !key.is_empty());
            self.lineage.add(spelled.cloned().collect());
        }
        for member in value.members.values().chain(value.any.as_deref()) {
            self.consume(member);
        }
    }

    pub(super) fn give_up(&mut self) -> Abstract<'a> {
        self.lineage.whole = true;
        Abstract::default()
    }

    pub(super) fn value(
        &mut self,
        node: &'a AstNode,
        context: &Abstract<'a>,
        frame: FrameId,
    ) -> Abstract<'a> {
        if self.lineage.whole {
            return Abstract::default();
        }
        self.budget = self.budget.saturating_sub(1);
        if self.budget == 0 {
            return self.give_up();
        }
        // A tree may be a thousand levels deep, and this thread's stack is not ours to choose.
        let value = with_stack(|| self.node(node, context, frame));
        if value.size() > LARGEST {
            return self.give_up();
        }
        value
    }

    fn node(&mut self, node: &'a AstNode, context: &Abstract<'a>, frame: FrameId) -> Abstract<'a> {
        match node {
            AstNode::String(_)
            | AstNode::Number(_)
            | AstNode::Boolean(_)
            | AstNode::Null
            | AstNode::Undefined
            | AstNode::Placeholder
            | AstNode::Regex { .. } => Abstract::default(),
            AstNode::Name(name) => context.member(name),
            AstNode::Variable(name) if name.is_empty() => context.clone(),
            AstNode::Variable(name) if name == "$" => Abstract::root(),
            AstNode::Variable(name) => self.variable(name, frame),
            AstNode::ParentVariable(_) => Abstract::root(),
            AstNode::Wildcard | AstNode::Descendant => {
                self.consume(context);
                context.part()
            }
            AstNode::Parent(label) => match self.ancestors.get(label.as_str()) {
                Some(ancestor) => ancestor.clone(),
                None => self.give_up(),
            },
            AstNode::Path { steps } => self.path(steps, context, frame),
            AstNode::Binary { op, lhs, rhs } => self.binary(*op, lhs, rhs, context, frame),
            AstNode::Unary { operand, .. } => self.consumed(operand, context, frame),
            AstNode::Function { name, args, .. } => self.call(name, None, args, context, frame),
            AstNode::Call { procedure, args } => {
                let callee = self.value(procedure, context, frame);
                let arguments = self.arguments(args, context, frame);
                self.apply_any(&callee, &arguments, context)
            }
            AstNode::Lambda {
                params,
                body,
                signature,
                ..
            } => Abstract::function(Function::Lambda {
                params,
                signature: signature.as_deref(),
                body,
                frame,
                context: Box::new(context.clone()),
            }),
            AstNode::Array(items) | AstNode::ArrayGroup(items) => {
                items.iter().fold(Abstract::default(), |all, item| {
                    all.or(self.value(item, context, frame))
                })
            }
            AstNode::Object(pairs) => self.object(pairs, context, frame),
            AstNode::ObjectTransform { input, pattern } => {
                let input = self.value(input, context, frame);
                let grouped = self.object(pattern, &input, frame);
                self.touch(&input);
                grouped
            }
            AstNode::Block(items) => {
                let inner = self.open(frame);
                items.iter().fold(Abstract::default(), |_, item| {
                    self.value(item, context, inner)
                })
            }
            AstNode::Conditional {
                condition,
                then_branch,
                else_branch,
            } => {
                self.consumed(condition, context, frame);
                let then = self.value(then_branch, context, frame);
                match else_branch {
                    Some(branch) => then.or(self.value(branch, context, frame)),
                    None => then,
                }
            }
            AstNode::FunctionApplication(inner) => self.value(inner, context, frame),
            AstNode::Sort { input, terms } => {
                let input = self.value(input, context, frame);
                for (term, _) in terms {
                    self.consumed(term, &input, frame);
                }
                input
            }
            AstNode::Transform {
                location,
                update,
                delete,
            } => Abstract::function(Function::Transform {
                location,
                update,
                delete: delete.as_deref(),
                frame,
            }),
        }
    }

    /// Evaluates and looks at the result as a whole.
    pub(super) fn consumed(
        &mut self,
        node: &'a AstNode,
        context: &Abstract<'a>,
        frame: FrameId,
    ) -> Abstract<'a> {
        let value = self.value(node, context, frame);
        self.consume(&value);
        Abstract {
            functions: value.functions,
            ..Abstract::default()
        }
    }

    pub(super) fn variable(&mut self, name: &'a str, frame: FrameId) -> Abstract<'a> {
        match self.look_up(name, frame) {
            Some(value) => value.clone(),
            // A built-in by its name, or a variable nobody bound.
            None => Abstract::function(Function::Builtin(name)),
        }
    }

    pub(super) fn look_up(&self, name: &str, frame: FrameId) -> Option<&Abstract<'a>> {
        let mut at = Some(frame);
        while let Some(id) = at {
            let frame = &self.frames[id];
            if let Some(value) = frame.variables.get(name) {
                return Some(value);
            }
            at = frame.parent;
        }
        None
    }

    pub(super) fn open(&mut self, parent: FrameId) -> FrameId {
        self.frames.push(Frame {
            parent: Some(parent),
            variables: HashMap::new(),
        });
        self.frames.len() - 1
    }

    /// Binds a variable. A branch not taken leaves what was bound before, so the old value stays possible.
    fn bind(&mut self, name: &'a str, value: Abstract<'a>, frame: FrameId) {
        let value = match self.look_up(name, frame) {
            Some(before) => before.clone().or(value),
            None => value,
        };
        self.frames[frame].variables.insert(name, value);
    }

    /// Binds a parameter, which nothing before can shine through.
    pub(super) fn bind_parameter(&mut self, name: &'a str, value: Abstract<'a>, frame: FrameId) {
        self.frames[frame].variables.insert(name, value);
    }

    fn path(
        &mut self,
        steps: &'a [PathStep],
        context: &Abstract<'a>,
        frame: FrameId,
    ) -> Abstract<'a> {
        let mut at = context.clone();
        for (index, step) in steps.iter().enumerate() {
            if let Some(label) = &step.ancestor_label {
                let known = self.ancestors.remove(label.as_str()).unwrap_or_default();
                self.ancestors.insert(label, known.or(at.clone()));
            }
            let input = at;
            at = self.value(&step.node, &input, frame);
            if index > 0 && !matches!(step.node, AstNode::Name(_)) {
                self.mapped(&input, &at);
            }
            if let Some(variable) = &step.index_var {
                self.bind(variable, Abstract::default(), frame);
            }
            if let Some(variable) = &step.focus {
                self.bind(variable, at.clone(), frame);
            }
            for stage in &step.stages {
                match stage {
                    Stage::Filter(predicate) => {
                        self.consumed(predicate, &at, frame);
                    }
                    Stage::Index(variable) => self.bind(variable, Abstract::default(), frame),
                    Stage::KeepArray => {}
                }
            }
            // After `@$v` the next step starts where this one did; `$v` holds what it found.
            if step.focus.is_some() {
                at = at.or(input);
            }
        }
        at
    }

    /// A value was produced for each item of `input`: how many there are shows in the result even where nothing
    /// of an item is looked at.
    pub(super) fn mapped(&mut self, input: &Abstract<'a>, result: &Abstract<'a>) {
        let untouched: Vec<Origin> = input
            .origins
            .iter()
            .filter(|origin| {
                let is_record = origin.path.is_empty() && !origin.below;
                let reached = |path: &Vec<String>| path.starts_with(&origin.path);
                let mut read = self.lineage.paths.iter();
                let mut carried = result.origins.iter().map(|found| &found.path);
                !(is_record || read.any(reached) || carried.any(reached))
            })
            .cloned()
            .collect();
        for origin in untouched {
            self.lineage.add(origin.path);
        }
        for member in input.members.values().chain(input.any.as_deref()) {
            self.consume(member);
        }
    }

    /// As [`Walk::mapped`], for a result that carries nothing of the input further.
    pub(super) fn touch(&mut self, input: &Abstract<'a>) {
        self.mapped(input, &Abstract::default());
    }

    fn object(
        &mut self,
        pairs: &'a [(AstNode, AstNode)],
        context: &Abstract<'a>,
        frame: FrameId,
    ) -> Abstract<'a> {
        let mut object = Abstract::default();
        for (key, value) in pairs {
            self.consumed(key, context, frame);
            let value = self.value(value, context, frame);
            // A constructed object is nearly always part of the result; reading its members here keeps an
            // object per list item from needing the whole item.
            self.consume(&value);
            let part = match key {
                AstNode::String(name) => Abstract {
                    members: [(name.clone(), value)].into(),
                    ..Abstract::default()
                },
                _ => Abstract {
                    any: Some(Box::new(value)),
                    ..Abstract::default()
                },
            };
            object = object.or(part);
        }
        object
    }

    fn binary(
        &mut self,
        op: BinaryOp,
        lhs: &'a AstNode,
        rhs: &'a AstNode,
        context: &Abstract<'a>,
        frame: FrameId,
    ) -> Abstract<'a> {
        match op {
            BinaryOp::ColonEqual => {
                let value = self.value(rhs, context, frame);
                if let AstNode::Variable(name) = lhs {
                    self.bind(name, value.clone(), frame);
                }
                value
            }
            BinaryOp::Coalesce | BinaryOp::Default => {
                let left = self.value(lhs, context, frame);
                self.consume(&left);
                left.or(self.value(rhs, context, frame))
            }
            BinaryOp::ChainPipe => self.pipe(lhs, rhs, context, frame),
            _ => {
                self.consumed(lhs, context, frame);
                self.consumed(rhs, context, frame);
                Abstract::default()
            }
        }
    }
}
