//! The statements at the top of a file.

use super::ast::{File, ImportStatement, SyntaxStatement, Visibility};
use super::lexer::Kind;
use super::parser::{Parser, Read};

impl<'s> Parser<'s> {
    /// The whole file.
    pub(super) fn file(&mut self) -> File<'s> {
        let mut file = File::default();
        while !self.is_end() {
            if self.is(b'}') {
                self.fault(self.token().range, "this `}` closes nothing");
                self.advance();
                continue;
            }
            self.attempt(&mut |parser: &mut Self| parser.top(&mut file));
        }
        file.faults = std::mem::take(&mut self.faults);
        file
    }

    fn top(&mut self, file: &mut File<'s>) -> Read<()> {
        let word = if self.token().kind == Kind::Word { self.text(self.token().range) } else { "" };
        match word {
            "message" | "enum" | "export" | "local" => {
                let visibility = self.visibility();
                if self.is_word("enum") {
                    return self.enumeration(visibility, &mut file.enums);
                }
                self.message(visibility, &mut file.messages)
            }
            "service" => self.service(&mut file.services),
            "extend" => self.extend(&mut file.extends),
            "option" => {
                let option = self.option_statement()?;
                file.options.push(option);
                Ok(())
            }
            "import" => {
                let import = self.import()?;
                file.imports.push(import);
                Ok(())
            }
            "package" => {
                self.advance();
                let name = self.name("the name of the package")?;
                if file.package.is_some() {
                    self.fault(name.range, "the package is said a second time");
                } else {
                    file.package = Some(name);
                }
                self.end_statement();
                Ok(())
            }
            "syntax" | "edition" => {
                let syntax = self.syntax()?;
                if file.syntax.is_some() {
                    self.fault(syntax.range, "the syntax is said a second time");
                } else {
                    file.syntax = Some(syntax);
                }
                Ok(())
            }
            _ => Err(self.expected("a declaration (`message`, `enum`, `service`, `extend`, `import`, `option`)")),
        }
    }

    fn syntax(&mut self) -> Read<SyntaxStatement<'s>> {
        let start = self.start();
        let is_edition = self.is_word("edition");
        self.advance();
        self.expect(b'=')?;
        let (value, _) = self.quoted("a version in quotes")?;
        self.end_statement();
        Ok(SyntaxStatement { is_edition, value, range: self.since(start) })
    }

    fn import(&mut self) -> Read<ImportStatement<'s>> {
        let start = self.start();
        self.advance();
        let modifiers = ["public", "weak", "option"];
        let modifier = modifiers.into_iter().find(|modifier| self.eat_word(modifier));
        let (path, path_range) = self.quoted("a path in quotes")?;
        self.end_statement();
        Ok(ImportStatement { modifier, path, path_range, range: self.since(start) })
    }

    /// `export` or `local`, where a message or enumeration follows.
    pub(super) fn visibility(&mut self) -> Option<Visibility> {
        let visibility = match self.text(self.token().range) {
            "export" => Visibility::Export,
            "local" => Visibility::Local,
            _ => return None,
        };
        self.advance();
        Some(visibility)
    }

    /// Whether `export` or `local` stands here as such.
    pub(super) fn is_visibility(&self) -> bool {
        (self.is_word("export") || self.is_word("local"))
            && ["message", "enum"].contains(&self.text(self.second().range))
    }
}
