//! The keys of `auth`.

use super::{Group, Key, Need, Section, Shape};

/// The word that switches a default off.
pub const NO_AUTH: &str = "none";

pub(super) const AUTHORIZED: Key = Key::optional(
    "auth",
    Shape::Auth,
    "as whom to ask; `none` switches a default off, which goes to the target alone",
);

/// One way to say who asks.
pub static AUTH: Section = Section {
    name: "auth",
    title: "`auth`",
    summary: "As whom to ask.",
    keys: &[
        Key::optional(
            "basic",
            Shape::Section(&BASIC),
            "a user and a password, as RFC 7617 has it",
        ),
        Key::optional("bearer", Shape::Template, "a token, as RFC 6750 has it"),
    ],
    groups: &[Group {
        keys: &["basic", "bearer"],
        need: Need::Required,
    }],
    hints: &[
        ("user", "it belongs under `basic`"),
        ("username", "it is called `user`, and belongs under `basic`"),
        ("password", "it belongs under `basic`"),
        ("token", "it is called `bearer`"),
    ],
};

/// A user and a password.
pub static BASIC: Section = Section {
    name: "basic",
    title: "`basic`",
    summary: "A user and a password.",
    keys: &[
        Key::required("user", Shape::Field, "the user's name", None),
        Key::required("password", Shape::Field, "the password", None),
    ],
    groups: &[],
    hints: &[("username", "it is called `user`")],
};
