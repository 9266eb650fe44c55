//! The keys of steps that send a request: one section for each method.

use super::{
    Group, Key, Names, Need, Section, Shape,
    auth::AUTHORIZED,
    table::{EXPECTED, EXTRACTED, HEADERS, NAME, REDIRECTS, TIMEOUT, WHEN},
};

const ON_FAIL: Key = Key::optional(
    "on_fail",
    Shape::Choice(&["leave_task", "continue", "stop_user", "stop_run"]),
    "what happens to a user whose request failed; `leave_task` if not given",
);

const URL: &str = "the path below the target, or a whole URL";

const FORM: Key = Key::optional(
    "form",
    Shape::Map(Names::Field, &Shape::Fields),
    "the fields of a form, sent as the body",
);

const QUERY: Key = Key::optional(
    "query",
    Shape::Map(Names::Field, &Shape::Fields),
    "parameters, added to the URL after its `?`",
);

const JSON: Key = Key::optional("json", Shape::Literal, "a value, sent as JSON");

const BODY: Key = Key::optional("body", Shape::Field, "a text, sent as it is");

const MULTIPART: Key = Key::optional(
    "multipart",
    Shape::Map(Names::Field, &Shape::Parts),
    "the fields and files of a form, sent in parts",
);

const BODY_FILE: Key = Key::optional(
    "body_file",
    Shape::Path,
    "a file, sent as it is; relative to the file that names it",
);

/// A file of a form.
pub static UPLOAD: Section = Section {
    name: "upload",
    title: "a file of a form",
    summary: "A file that is sent with a form.",
    keys: &[
        Key::required(
            "file",
            Shape::Path,
            "the file, relative to the one that names it",
            Some("FILE.png"),
        ),
        Key::optional(
            "type",
            Shape::Text,
            "what it is, such as `image/png`; by its ending if not given",
        ),
        Key::optional(
            "filename",
            Shape::Template,
            "what it is called; its own name if not given",
        ),
    ],
    groups: &[],
    hints: &[
        ("path", "it is called `file`"),
        ("content_type", "it is called `type`"),
        ("name", "it is called `filename`"),
    ],
};

/// What can follow the head; one of them.
const PAYLOADS: Group = Group {
    keys: &["form", "json", "body", "multipart", "body_file"],
    need: Need::Optional,
};

/// The section of a step that sends a request: one with a body, or one without
/// and what to do instead of giving it a form.
macro_rules! request {
    ($key:literal, $title:literal, $keys:expr, $groups:expr, $hints:expr) => {
        Section {
            name: $key,
            title: $title,
            summary: concat!("Sends ", $title, "."),
            keys: $keys,
            groups: $groups,
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
                QUERY,
                HEADERS,
                AUTHORIZED,
                FORM,
                JSON,
                BODY,
                MULTIPART,
                BODY_FILE,
                TIMEOUT,
                REDIRECTS,
                EXPECTED,
                EXTRACTED,
                ON_FAIL,
                WHEN,
            ],
            &[PAYLOADS],
            &[
                ("params", "it is called `query`"),
                ("data", "it is called `form`, `json` or `body`"),
                ("files", "they belong under `multipart`: `{ file: FILE }`"),
                (
                    "file",
                    "it is called `body_file`; in a form, it is a part of `multipart`"
                ),
                ("assert", "it is called `expect`"),
                ("check", "it is called `expect`"),
                ("capture", "it is called `extract`"),
                ("if", "it is called `when`"),
            ]
        )
    };
    ($key:literal, $title:literal, no body) => {
        request!(
            $key,
            $title,
            &[
                Key::required($key, Shape::Template, URL, None),
                NAME,
                QUERY,
                HEADERS,
                AUTHORIZED,
                TIMEOUT,
                REDIRECTS,
                EXPECTED,
                EXTRACTED,
                ON_FAIL,
                WHEN,
            ],
            &[],
            &[
                ("params", "it is called `query`"),
                ("assert", "it is called `expect`"),
                ("check", "it is called `expect`"),
                ("capture", "it is called `extract`"),
                ("if", "it is called `when`"),
                (
                    "form",
                    concat!(
                        $title,
                        " has no form; write the fields under `query`, or use `post`"
                    )
                ),
                (
                    "json",
                    concat!(
                        $title,
                        " has no body; write the values under `query`, or use `post`"
                    )
                ),
                (
                    "body",
                    concat!(
                        $title,
                        " has no body; write the values under `query`, or use `post`"
                    )
                ),
            ]
        )
    };
}

/// A step that sends a GET request.
pub static GET: Section = request!("get", "a GET request", no body);

/// A step that sends a POST request.
pub static POST: Section = request!("post", "a POST request", with a body);

/// A step that sends a PUT request.
pub static PUT: Section = request!("put", "a PUT request", with a body);

/// A step that sends a PATCH request.
pub static PATCH: Section = request!("patch", "a PATCH request", with a body);

/// A step that sends a DELETE request.
pub static DELETE: Section = request!("delete", "a DELETE request", with a body);

/// A step that sends a HEAD request.
pub static HEAD: Section = request!("head", "a HEAD request", no body);

/// A step that sends an OPTIONS request.
pub static OPTIONS: Section = request!("options", "an OPTIONS request", no body);

/// A step that sends a form of the page last received.
pub static SUBMIT: Section = Section {
    name: "submit",
    title: "a `submit` step",
    summary: "Sends a form of the page last received, as a browser would.",
    keys: &[
        Key::required(
            "submit",
            Shape::Selector,
            "the form, by CSS selector; the first element that matches",
            None,
        ),
        Key::optional(
            "fields",
            Shape::Map(Names::Field, &Shape::Filled),
            "what a person would fill in: fields of the form that get other values than the page \
             gives them; several values as a list, null to leave a field out",
        ),
        Key::optional(
            "button",
            Shape::Selector,
            "the button that is pressed, by CSS selector; the first one if not given",
        ),
        NAME,
        HEADERS,
        AUTHORIZED,
        TIMEOUT,
        REDIRECTS,
        EXPECTED,
        EXTRACTED,
        ON_FAIL,
        WHEN,
    ],
    groups: &[],
    hints: &[
        ("form", "what is filled in is called `fields`"),
        ("data", "it is called `fields`"),
        ("with", "what is filled in is called `fields`"),
        (
            "query",
            "a form of method GET makes its query of its `fields`",
        ),
        ("click", "the button that is pressed is called `button`"),
        ("assert", "it is called `expect`"),
        ("check", "it is called `expect`"),
        ("capture", "it is called `extract`"),
        ("if", "it is called `when`"),
    ],
};
