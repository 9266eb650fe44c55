//! The built-in target: a small blog to try plans on.
//!
//! It answers as the blog of Flask's tutorial ("flaskr", Flask 3.1) does, so a
//! plan that passes here passes there: statuses, `Location`, cookies, flash
//! messages and the structure of the pages are the same. `tests/flaskr.rs` holds
//! the two together, answer for answer.
//!
//! ```text
//! GET  /                                  every post, the newest second first
//! GET  /auth/register  /auth/login        forms        POST  302, or 200 and a flash
//! GET  /auth/logout                       302 to /
//! GET  /create  /{id}/update              forms        POST  302 to /
//! POST /{id}/delete                       302 to /
//! GET  /hello  /static/style.css
//! GET  /__counts                          what was served, as JSON (not counted itself)
//! ```
//!
//! # What holds here
//!
//! - It listens on loopback only.
//! - Everything is in memory and gone when it stops. What may be stored is
//!   bounded ([`MAX_USERS`], [`MAX_POSTS`], [`MAX_STORED_BYTES`],
//!   [`MAX_BODY_BYTES`]); what exceeds it is refused with a 503 or a 413.
//! - Every request is counted as soon as its head has been read, so a request
//!   that its client gave up on is in the counts too.
//! - As a child process it ends when its parent does, however the parent ends.
//!
//! # What is not here
//!
//! Security: passwords are hashed once and fast, where the real one takes a
//! tenth of a second of scrypt, so registering and logging in cost next to
//! nothing. Files and other `multipart/form-data`: such a form has no fields
//! here. And the real one's `database is locked`.

mod accounts;
mod answer;
mod assets;
mod blog;
mod child;
mod counts;
mod form;
mod pace;
mod pages;
mod posts;
mod routes;
mod server;
mod visitor;

pub use blog::{MAX_POSTS, MAX_STORED_BYTES, MAX_USERS};
pub use child::{Child, StartError};
pub use routes::MAX_BODY_BYTES;
pub use server::{bind, serve};
