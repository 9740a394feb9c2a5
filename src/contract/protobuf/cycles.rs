//! Files that import each other. Names are found all the same; other tools refuse such files.

use super::imports::{Imports, Target};

/// A cycle of imports.
#[derive(Debug)]
pub(super) struct Cycle {
    /// The files, the first one again at the end.
    pub(super) files: Vec<usize>,
    /// The `import` statement that closes it, in the file before the last.
    pub(super) statement: usize,
}

/// Finds the cycles among files, each by one statement that closes it.
pub(super) fn find(imports: &Imports, canonical: &[usize]) -> Vec<Cycle> {
    let mut walk = Walk { imports, canonical, state: vec![State::New; canonical.len()], cycles: Vec::new() };
    for file in (0..canonical.len()).filter(|file| canonical[*file] == *file) {
        walk.visit(file);
    }
    walk.cycles
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    Open,
    Done,
}

/// A depth-first walk along imports, without recursion: chains of imports may be long.
struct Walk<'a> {
    imports: &'a Imports,
    canonical: &'a [usize],
    state: Vec<State>,
    cycles: Vec<Cycle>,
}

impl Walk<'_> {
    fn visit(&mut self, start: usize) {
        if self.state[start] != State::New {
            return;
        }
        self.state[start] = State::Open;
        let mut open = vec![(start, 0)];
        while let Some((file, statement)) = open.last_mut() {
            let (file, at) = (*file, *statement);
            *statement += 1;
            match self.imports.targets[file].get(at) {
                Some(Target::File(next)) => self.enter(self.canonical[*next], at, &mut open),
                Some(Target::Missing) => {}
                None => {
                    self.state[file] = State::Done;
                    open.pop();
                }
            }
        }
    }

    /// Goes on to `next`; if that file is being walked already, this is a cycle.
    fn enter(&mut self, next: usize, statement: usize, open: &mut Vec<(usize, usize)>) {
        match self.state[next] {
            State::Done => {}
            State::New => {
                self.state[next] = State::Open;
                open.push((next, 0));
            }
            State::Open => {
                let round = open.iter().map(|(file, _)| *file).skip_while(|file| *file != next);
                let files = round.chain(std::iter::once(next)).collect();
                self.cycles.push(Cycle { files, statement });
            }
        }
    }
}
