//! Requests that an object lists, which a library sends by their names.

use super::Interp;
use super::argument::Site;
use crate::evaluate::library::format::RequestsModel;
use crate::evaluate::library::{Kind, Library};
use crate::evaluate::value::{Value, What, is_named};

impl<'a> Interp<'a> {
    /// Sends each request that an object lists, from where it is written.
    pub(super) fn send_each(&mut self, library: &'a Library, model: &RequestsModel, listed: &Value) {
        let What::Record(entries) = &listed.what else { return };
        for (_, (place, settings)) in entries.iter().filter(|(name, _)| is_named(name)) {
            let request = self.make_object(library, Kind::Request, *place);
            self.take_record(request, &model.each, settings);
            self.send(library, &Value::of(What::Object(request)), &Site::bare(*place));
        }
    }
}
