//! A value that may be read before it is set.

use crate::{plan::rules::Rule, source::Severity};

pub(super) const RULE: Rule = Rule {
    code: "P0301",
    severity: Severity::Error,
    summary: "a value that may not be set when it is read",
    explanation: "\
There is a way to this place on which nothing has set the value. Tasks of a class
are drawn in any order, and any request may fail before it extracts anything: what
one drawn task sets, another cannot count on. Such a mistake shows in hour three of
a run, in a few users, and looks like a fault of the target.

Extract the value earlier in the same task, or in `on_start`, or set it in `vars`.
If it may be absent, say what then: '{{ post_id | default(1) }}', or let the step be
skipped: `when: post_id is defined`.
",
    example: "\
plan: 1
users:
  author: { wait: 1s, tasks: [add_post, delete_post] }
tasks:
  add_post:
    - post: /create
      extract: { post_id: { css: 'a.edit', attr: data-id } }
  delete_post:
    - post: '/{{ post_id }}/delete'
load: { users: 5, duration: 1m }
",
    mended: "\
plan: 1
users:
  author: { wait: 1s, tasks: [come_and_go] }
tasks:
  come_and_go:
    - post: /create
      extract: { post_id: { css: 'a.edit', attr: data-id } }
    - post: '/{{ post_id }}/delete'
load: { users: 5, duration: 1m }
",
};
