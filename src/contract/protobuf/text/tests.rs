//! Laws of the parser, by example.
