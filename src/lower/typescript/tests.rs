//! Laws of the front end.
