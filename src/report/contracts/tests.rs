//! What a listing says of a catalog that fills everything.

use super::sample::{analysis, listed};
use super::{Detail, Selection, write_tree};
use crate::report::sample::plain;

fn tree(detail: Detail) -> String {
    listed(&analysis(), &Selection::default(), |listing| plain(|out| write_tree(listing, detail, out)))
}

#[test]
fn print_it() {
    println!("{}", tree(Detail { all: false, places: false }));
    println!("{}", tree(Detail { all: true, places: true }));
    let a = analysis();
    println!("{}", listed(&a, &Selection::default(), |listing| plain(|out| super::write_json(listing, out))));
}
