//! Patterns of `match`.

use std::sync::Arc;

use ruff_python_ast as ast;

use super::Lowerer;
use super::names::Known;
use crate::model::ir::{Arm, Expr, ExprKind, FieldPattern, Literal, Pattern};

impl Lowerer<'_> {
    pub(super) fn match_statement(&mut self, choice: &ast::StmtMatch) -> Expr {
        let subject = Some(Box::new(self.expr(&choice.subject)));
        let mut arms = Vec::new();
        for case in &choice.cases {
            let pattern = self.pattern(&case.pattern);
            let guard = case.guard.as_ref().map(|guard| self.cond(guard));
            arms.push(Arm { pattern, guard, body: self.block(&case.body) });
        }
        self.expr_at(choice, ExprKind::Match { subject, arms })
    }

    fn pattern(&mut self, pattern: &ast::Pattern) -> Pattern {
        self.deeper(|lowerer| lowerer.pattern_here(pattern)).unwrap_or(Pattern::Wild)
    }

    fn patterns(&mut self, patterns: &[ast::Pattern]) -> Vec<Pattern> {
        patterns.iter().map(|pattern| self.pattern(pattern)).collect()
    }

    fn pattern_here(&mut self, pattern: &ast::Pattern) -> Pattern {
        match pattern {
            ast::Pattern::MatchValue(value) => Pattern::Value(Box::new(self.expr(&value.value))),
            ast::Pattern::MatchSingleton(single) => {
                let literal = match single.value {
                    ast::Singleton::None => Literal::Null,
                    ast::Singleton::True => Literal::Bool(true),
                    ast::Singleton::False => Literal::Bool(false),
                };
                Pattern::Value(Box::new(self.expr_at(single, ExprKind::Literal(literal))))
            }
            ast::Pattern::MatchSequence(items) => Pattern::List(self.patterns(&items.patterns)),
            ast::Pattern::MatchMapping(mapping) => self.mapping(mapping),
            ast::Pattern::MatchClass(class) => self.class_pattern(class),
            ast::Pattern::MatchStar(_) => Pattern::Wild,
            ast::Pattern::MatchAs(named) => {
                let inner = named.pattern.as_ref().map(|inner| Box::new(self.pattern(inner)));
                match &named.name {
                    Some(name) => self.captured(name, inner),
                    None => inner.map_or(Pattern::Wild, |inner| *inner),
                }
            }
            ast::Pattern::MatchOr(choice) => Pattern::Or(self.patterns(&choice.patterns)),
        }
    }

    fn captured(&mut self, name: &ast::Identifier, inner: Option<Box<Pattern>>) -> Pattern {
        self.names.declare(name.as_str(), Known::Local);
        Pattern::Bind(Arc::from(name.as_str()), self.span(name), inner)
    }

    /// `{"a": x, **rest}`: entries by constant key.
    fn mapping(&mut self, mapping: &ast::PatternMatchMapping) -> Pattern {
        let mut fields = Vec::new();
        for (key, pattern) in mapping.keys.iter().zip(&mapping.patterns) {
            let pattern = self.pattern(pattern);
            if let ast::Expr::StringLiteral(name) = key {
                fields.push(FieldPattern { name: Arc::from(name.value.to_str()), name_span: self.span(key), pattern });
            }
        }
        Pattern::Record(None, fields)
    }

    /// `Point(0, y=y)`. What stands by position belongs to fields that the class alone tells.
    fn class_pattern(&mut self, class: &ast::PatternMatchClass) -> Pattern {
        let symbol = self.path(&class.cls);
        let positional = self.patterns(&class.arguments.patterns);
        if class.arguments.keywords.is_empty() {
            return match (symbol, positional.is_empty()) {
                (Some(symbol), true) => Pattern::Record(Some(symbol), Vec::new()),
                (Some(symbol), false) => Pattern::Variant(symbol, positional, self.span(&*class.cls)),
                (None, _) => Pattern::Wild,
            };
        }
        let mut fields = Vec::new();
        for keyword in &class.arguments.keywords {
            let pattern = self.pattern(&keyword.pattern);
            let name = Arc::from(keyword.attr.as_str());
            fields.push(FieldPattern { name, name_span: self.span(&keyword.attr), pattern });
        }
        Pattern::Record(symbol, fields)
    }
}
