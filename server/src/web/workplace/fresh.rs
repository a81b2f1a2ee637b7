//! Request ids for the forms of a page: every form has one of its own, so that two of them are never
//! taken for one request.

use std::{fmt, sync::Arc};

use minijinja::{
    Value,
    value::{Object, ObjectRepr},
};

use crate::app::App;

/// Another id each time that a template writes it.
struct Fresh(App);

impl fmt::Debug for Fresh {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Fresh").finish_non_exhaustive()
    }
}

impl Object for Fresh {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn render(self: &Arc<Self>, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.0.ids.next(self.0.now()))
    }
}

/// What a page gives its template as `request_id`.
pub(super) fn request_ids(app: &App) -> Value {
    Value::from_object(Fresh(app.clone()))
}
