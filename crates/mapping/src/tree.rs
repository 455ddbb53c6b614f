use jsonata_core::ast::{AstNode, PathStep, Stage};
use jsonata_core::value::with_stack;

/// Calls `see` for every node of an expression, parents first.
pub(crate) fn visit(node: &AstNode, see: &mut dyn FnMut(&AstNode)) {
    see(node);
    // A tree may be a thousand levels deep.
    with_stack(|| each_child(node, &mut |child| visit(child, see)));
}

/// Calls `see` for every direct child of a node, in the order they are written.
pub(crate) fn each_child<'a>(node: &'a AstNode, see: &mut dyn FnMut(&'a AstNode)) {
    match node {
        AstNode::String(_)
        | AstNode::Name(_)
        | AstNode::Number(_)
        | AstNode::Boolean(_)
        | AstNode::Null
        | AstNode::Undefined
        | AstNode::Placeholder
        | AstNode::Regex { .. }
        | AstNode::Variable(_)
        | AstNode::ParentVariable(_)
        | AstNode::Wildcard
        | AstNode::Descendant
        | AstNode::Parent(_) => {}
        AstNode::Path { steps } => {
            for step in steps {
                see(&step.node);
                for stage in &step.stages {
                    if let Stage::Filter(predicate) = stage {
                        see(predicate);
                    }
                }
            }
        }
        AstNode::Binary { lhs, rhs, .. } => {
            see(lhs);
            see(rhs);
        }
        AstNode::Unary { operand, .. } => see(operand),
        AstNode::Function { args, .. }
        | AstNode::Array(args)
        | AstNode::ArrayGroup(args)
        | AstNode::Block(args) => args.iter().for_each(see),
        AstNode::Call { procedure, args } => {
            see(procedure);
            args.iter().for_each(see);
        }
        AstNode::Lambda { body, .. } => see(body),
        AstNode::Object(pairs) => {
            for (key, value) in pairs {
                see(key);
                see(value);
            }
        }
        AstNode::ObjectTransform { input, pattern } => {
            see(input);
            for (key, value) in pattern {
                see(key);
                see(value);
            }
        }
        AstNode::Conditional {
            condition,
            then_branch,
            else_branch,
        } => {
            see(condition);
            see(then_branch);
            if let Some(branch) = else_branch {
                see(branch);
            }
        }
        AstNode::FunctionApplication(inner) => see(inner),
        AstNode::Sort { input, terms } => {
            see(input);
            for (term, _) in terms {
                see(term);
            }
        }
        AstNode::Transform {
            location,
            update,
            delete,
        } => {
            see(location);
            see(update);
            if let Some(delete) = delete {
                see(delete);
            }
        }
    }
}

/// The direct children of a node, whatever its kind.
pub(crate) fn children_mut(node: &mut AstNode) -> Vec<&mut AstNode> {
    match node {
        AstNode::String(_)
        | AstNode::Name(_)
        | AstNode::Number(_)
        | AstNode::Boolean(_)
        | AstNode::Null
        | AstNode::Undefined
        | AstNode::Placeholder
        | AstNode::Regex { .. }
        | AstNode::Variable(_)
        | AstNode::ParentVariable(_)
        | AstNode::Wildcard
        | AstNode::Descendant
        | AstNode::Parent(_) => Vec::new(),
        AstNode::Path { steps } => steps.iter_mut().flat_map(step_children).collect(),
        AstNode::Binary { lhs, rhs, .. } => vec![lhs, rhs],
        AstNode::Unary { operand, .. } => vec![operand],
        AstNode::Function { args, .. }
        | AstNode::Array(args)
        | AstNode::ArrayGroup(args)
        | AstNode::Block(args) => args.iter_mut().collect(),
        AstNode::Call { procedure, args } => {
            std::iter::once(&mut **procedure).chain(args).collect()
        }
        AstNode::Lambda { body, .. } => vec![body],
        AstNode::Object(pairs) => pairs.iter_mut().flat_map(|(k, v)| [k, v]).collect(),
        AstNode::ObjectTransform { input, pattern } => std::iter::once(&mut **input)
            .chain(pattern.iter_mut().flat_map(|(k, v)| [k, v]))
            .collect(),
        AstNode::Conditional {
            condition,
            then_branch,
            else_branch,
        } => [condition, then_branch]
            .into_iter()
            .chain(else_branch)
            .map(|child| &mut **child)
            .collect(),
        AstNode::FunctionApplication(inner) => vec![inner],
        AstNode::Sort { input, terms } => std::iter::once(&mut **input)
            .chain(terms.iter_mut().map(|(term, _)| term))
            .collect(),
        AstNode::Transform {
            location,
            update,
            delete,
        } => [location, update]
            .into_iter()
            .chain(delete)
            .map(|child| &mut **child)
            .collect(),
    }
}

fn step_children(step: &mut PathStep) -> impl Iterator<Item = &mut AstNode> {
    std::iter::once(&mut step.node).chain(step.stages.iter_mut().filter_map(|stage| match stage {
        Stage::Filter(predicate) => Some(&mut **predicate),
        Stage::KeepArray | Stage::Index(_) => None,
    }))
}
