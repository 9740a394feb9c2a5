//! Compiled descriptor sets (`protoc --descriptor_set_out`, `buf build -o`) as contracts: each file of
//! a set becomes the syntax tree that the text of it would have, so that one way builds the model.

mod options;
mod tree;
mod wire;

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use prost::Message;

use super::bundled;
use super::files::{Origin, Parsed};
use crate::model::problem::{Problem, ProblemKind};
use crate::model::source::FileId;

/// The files of a set, without those that come with protobuf.
pub(super) fn read<'s>(id: FileId, bytes: &[u8]) -> Result<(Vec<Parsed<'s>>, Option<Problem>), Problem> {
    catch_unwind(AssertUnwindSafe(|| files(id, bytes)))
        .unwrap_or_else(|_| Err(Problem::file(ProblemKind::Internal, id, "reading this descriptor set failed")))
}

fn files<'s>(id: FileId, bytes: &[u8]) -> Result<(Vec<Parsed<'s>>, Option<Problem>), Problem> {
    let set = wire::Set::decode(bytes).map_err(|error| {
        Problem::file(ProblemKind::ContractUnreadable, id, format!("not a valid descriptor set: {error}"))
    })?;
    let options = options::Options::of(bytes);
    let is_partial = options.is_partial;
    let own = set.file.into_iter().filter(|file| !bundled::is_bundled(&file.name));
    let files = own.map(|file| Parsed {
        file: id,
        path: Cow::Owned(file.name.clone()),
        tree: tree::file(file, &options),
        origin: Origin::Compiled,
    });
    let message = "the descriptor set does not hold all that its files import, so their custom options are not read";
    Ok((files.collect(), is_partial.then(|| Problem::file(ProblemKind::Note, id, message))))
}
