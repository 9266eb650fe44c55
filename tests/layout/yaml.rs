//! What the layout of YAML is.

use plan::{
    plan::format::{Law, NotFormatted, format},
    source::{Format, Source},
};

fn laid_out(text: &str) -> Result<String, NotFormatted> {
    format(&Source {
        path: "plan.yaml".into(),
        format: Format::Yaml,
        text: text.to_owned(),
    })
}

#[track_caller]
fn becomes(text: &str, expected: &str) {
    assert_eq!(laid_out(text).unwrap(), expected, "{text}");
    assert_eq!(laid_out(expected).unwrap(), expected);
}

#[track_caller]
fn stays(text: &str) {
    becomes(text, text);
}

#[test]
fn indentation_spaces_and_quotes_are_made_equal() {
    becomes(
        "\
# top


plan:   1
name:  \"a first \\\"look\\\"\"



description: \"it's\"
vars: {a: 1,b: [1,2 , { c: \"d\" }], e: { }, f: []}
users:
    web:
        wait: 1s
        tasks:
        - one
        -   two
tasks:
   one:
   - get:  /
     when: iteration > 1
     expect: {absent: none, css: h1}
     extract: {id: {css: 'a', regex: ^/(.*)$}}
   -
     post: \"/x\"
   - wait: think

",
        "\
# top

plan: 1
name: 'a first \"look\"'

description: \"it's\"
vars: { a: 1, b: [1, 2, { c: 'd' }], e: {}, f: [] }
users:
  web:
    wait: 1s
    tasks:
      - one
      - two
tasks:
  one:
    - get: /
      when: 'iteration > 1'
      expect: { absent: none, css: h1 }
      extract: { id: { css: 'a', regex: '^/(.*)$' } }
    - post: '/x'
    - wait: think
",
    );
}

#[test]
fn brackets_that_hold_a_comment_or_do_not_fit_become_a_block() {
    becomes(
        "\
plan: 1
users:
  web: { wait: 1s, # first
    tasks: [a, b] } # second
load: { users: 1, duration: 2s } # third
thresholds: [errors < 1%, 'p95 of \"GET /some/long/path\" < 300ms', 'p95 of \"GET /another/path\" < 400ms'] # fourth
",
        "\
plan: 1
users:
  web:
    wait: 1s  # first
    tasks: [a, b]
    # second
load: { users: 1, duration: 2s }  # third
thresholds:  # fourth
  - errors < 1%
  - 'p95 of \"GET /some/long/path\" < 300ms'
  - 'p95 of \"GET /another/path\" < 400ms'
",
    );
}

#[test]
fn comments_stay_with_what_they_are_about() {
    becomes(
        "\
# of the file

plan: 1 # of the version
users: # of the users
    # of web
    web:
        # of its wait
        wait: 1s
        tasks: [a]
        # at the end of web
    # at the end of the users

# of the tasks
tasks:
    a:
    -   # of the step
        get: /
    # at the end of a
    # and of that too
#at the end
",
        "\
# of the file

plan: 1  # of the version
users:  # of the users
  # of web
  web:
    # of its wait
    wait: 1s
    tasks: [a]
    # at the end of web
  # at the end of the users

# of the tasks
tasks:
  a:
    # of the step
    - get: /
    # at the end of a
    # and of that too
#at the end
",
    );
}

#[test]
fn comments_behind_lines_keep_their_columns() {
    stays(
        "\
plan: 1
load:                  # how much
  users: 5             # at once

  duration: 10s  # near
  ramp_up: 2m    # near too
vars:                      # alone
  a: 1
",
    );
}

#[test]
fn texts_over_several_lines_are_moved_as_they_are() {
    becomes(
        "\
plan: 1
description: |  # why
     first

       second
name: one
   two
tasks:
    a:
    -   log: >-
            folded
             more
    -   log: |2
             deep
           flat
    -   log: |+
          kept

    -   log: \"quoted
          text\"
",
        "\
plan: 1
description: |  # why
  first

    second
name: one
  two
tasks:
  a:
    - log: >-
        folded
         more
    - log: |2
           deep
         flat
    - log: |+
        kept

    - log: \"quoted
        text\"
",
    );
}

#[test]
fn anchors_aliases_tags_and_merge_keys_stay() {
    becomes(
        "\
---
plan:  1
users:
    web: &base
        wait:   1s
        tasks: &all  [a, b]
    app:
        <<:  *base
        tasks:  *all
vars: {a: !!str  7, b: &b  x, c: [ *b ]}
...
",
        "\
plan: 1
users:
  web: &base
    wait: 1s
    tasks: &all [a, b]
  app:
    <<: *base
    tasks: *all
vars: { a: !!str 7, b: &b x, c: [*b] }
",
    );
}

#[test]
fn ends_of_lines_stay_what_they_are() {
    becomes("plan: 1\r\nname:  x", "plan: 1\r\nname: x\r\n");
}

#[test]
fn what_is_no_plan_or_no_yaml_is_refused() {
    assert!(matches!(laid_out("a: 1\n"), Err(NotFormatted::NoPlan)));
    assert!(matches!(laid_out("# only\n"), Err(NotFormatted::NoPlan)));
    for torn in [
        "plan: [1\n",
        "plan: 1\n---\nplan: 1\n",
        "plan: 1\nplan: 1\n",
        "a: @x\nplan: 1\n",
    ] {
        assert!(
            matches!(laid_out(torn), Err(NotFormatted::Torn(_))),
            "{torn}"
        );
    }
}

#[test]
fn each_law_has_words() {
    for law in [Law::Meaning, Law::Rest, Law::Comments] {
        assert!(law.to_string().starts_with("would "));
    }
}
