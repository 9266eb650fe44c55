//! The keys of steps that send a request: one section for each method.

use super::{
    Key, Names, Section, Shape,
    table::{EXPECTED, EXTRACTED, HEADERS, NAME, TIMEOUT, WHEN},
};

const ON_FAIL: Key = Key::optional(
    "on_fail",
    Shape::Choice(&["leave_task", "continue", "stop_user", "stop_run"]),
    "what happens to a user whose request failed; `leave_task` if not given",
);

const URL: &str = "the path below the target, or a whole URL";

const FORM: Key = Key::optional(
    "form",
    Shape::Map(Names::Field, &Shape::Field),
    "the fields of a form, sent as the body",
);

/// The section of a step that sends a request: one with a body, or one without
/// and what to do instead of giving it a form.
macro_rules! request {
    ($key:literal, $title:literal, $keys:expr, $hints:expr) => {
        Section {
            name: $key,
            title: $title,
            summary: concat!("Sends ", $title, " and follows its redirects."),
            keys: $keys,
            groups: &[],
            hints: $hints,
        }
    };
    ($key:literal, $title:literal, with a body) => {
        request!(
            $key,
            $title,
            &[
                Key::required($key, Shape::Template, URL, None),
                NAME,
                HEADERS,
                FORM,
                TIMEOUT,
                EXPECTED,
                EXTRACTED,
                ON_FAIL,
                WHEN,
            ],
            &[]
        )
    };
    ($key:literal, $title:literal, instead: $hint:literal) => {
        request!(
            $key,
            $title,
            &[
                Key::required($key, Shape::Template, URL, None),
                NAME,
                HEADERS,
                TIMEOUT,
                EXPECTED,
                EXTRACTED,
                ON_FAIL,
                WHEN,
            ],
            &[("form", $hint)]
        )
    };
}

/// A step that sends a GET request.
pub static GET: Section = request!(
    "get", "a GET request",
    instead: "a GET has no form; write the fields into the URL as `?name=value`, or use `post`"
);

/// A step that sends a POST request.
pub static POST: Section = request!("post", "a POST request", with a body);

/// A step that sends a PUT request.
pub static PUT: Section = request!("put", "a PUT request", with a body);

/// A step that sends a PATCH request.
pub static PATCH: Section = request!("patch", "a PATCH request", with a body);

/// A step that sends a DELETE request.
pub static DELETE: Section = request!(
    "delete", "a DELETE request",
    instead: "a DELETE has no form; write the fields into the URL as `?name=value`, or use `post`"
);

/// A step that sends a HEAD request.
pub static HEAD: Section = request!(
    "head", "a HEAD request",
    instead: "a HEAD has no form; write the fields into the URL as `?name=value`"
);

/// A step that sends an OPTIONS request.
pub static OPTIONS: Section = request!(
    "options", "an OPTIONS request",
    instead: "an OPTIONS request has no form; write the fields into the URL as `?name=value`"
);
