//! Warnings about plans that run, and probably not as they were meant.

mod running;

use plan::source::MemoryLoader;
use running::{mistakes, mistakes_with};

/// The first line of everything that is said of a plan.
fn titles(told: &str) -> Vec<&str> {
    let lines = told.lines();
    lines
        .filter(|line| line.starts_with("warning[") || line.starts_with("error["))
        .collect()
}

#[test]
fn an_hour_needs_thresholds() {
    let plan = |load: &str| {
        let users = "plan: 1\nusers: { a: { wait: 1s, sequence: [{ get: / }] } }\n";
        format!("{users}{load}\n")
    };
    #[rustfmt::skip]
    let rows = [
        ("load: { users: 1, duration: 59m }",                                    false),
        ("load: { users: 1, duration: 1h }",                                     true),
        ("load: { users: 1, duration: 3d }",                                     true),
        ("load: { users: 1, duration: 3d }\nthresholds: []",                     true),
        ("load: { users: 1, duration: 3d }\nthresholds: [errors < 1%]",          false),
        ("load: { users: 1, per_user: 9 }",                                      false),
    ];
    for (load, warned) in rows {
        let told = mistakes(&plan(load));
        assert_eq!(titles(&told).len(), usize::from(warned), "{load}\n{told}");
        assert_eq!(told.contains("warning[P0401]"), warned, "{load}\n{told}");
    }
    // A threshold that cannot be read is one that was meant.
    let told = mistakes(&plan(
        "load: { users: 1, duration: 3d }\nthresholds: [errors < 1]",
    ));
    assert_eq!(titles(&told).len(), 1, "{told}");
    assert!(!told.contains("P0401"), "{told}");
}

#[test]
fn the_whole_of_it_is_shown() {
    let told = mistakes(
        "
        plan: 1
        vars: { who: ada }
        users:
          visitor: { wait: 1s, on_start: [register], tasks: [look] }
        tasks:
          register:
            - post: /register
              form: { username: '{{ who }}' }
          look:
            - get: /{{ user.id }}
              name: 'page of {{ user.id }}'
              extract: { id: { css: a } }
        load: { users: 3, duration: 2h }
        ",
    );
    assert_eq!(
        told,
        "\
warning[P0404]: all users would register the same `username`
 --> plan.yaml:8:26
  |
2 | vars: { who: ada }
  |              --- set here
...
8 |       form: { username: '{{ who }}' }
  |                          ^^^^^^^^^ nothing of the user is in it
  |
  = help: make it of what nobody else has, such as `'u{{ run.id }}_{{ user.id }}'`

warning[P0403]: this name makes a row for every user
  --> plan.yaml:11:14
   |
11 |       name: 'page of {{ user.id }}'
   |              ^^^^^^^^^^^^^^^^^^^^^ another name each time
   |
   = help: without `name` all of them are counted as `GET /{user.id}`

warning[P0402]: `id` is extracted and never read
  --> plan.yaml:12:18
   |
12 |       extract: { id: { css: a } }
   |                  ^^ nothing comes of it
   |
   = help: read it as `{{ id }}`, or leave it out; to check that it is there, say so in `expect`

warning[P0401]: a run of 2h without thresholds
  --> plan.yaml:13:29
   |
13 | load: { users: 3, duration: 2h }
   |                             ^^ nothing but `errors < 1%` is asked
   |
   = help: add `thresholds`, such as `errors < 0.1%` and `p95 < 300ms`

4 warnings in plan.yaml
"
    );
}

/// A value of `username` at a registration, and what is said of it.
#[test]
fn a_registered_value_belongs_to_one_user_of_one_run() {
    const USERS: &str = "P0404";
    const RUNS: &str = "P0405";
    #[rustfmt::skip]
    let rows = [
        // what is registered               3 users  1 user
        ("ada",                             USERS,   RUNS),
        ("{{ user.class }}",                USERS,   RUNS),
        ("u{{ run.id }}",                   USERS,   ""),
        ("u{{ iteration }}",                USERS,   RUNS),
        ("u{{ now() }}",                    USERS,   ""),
        ("{{ pick(['ada', 'bob']) }}",      USERS,   RUNS),
        ("u{{ user.id }}",                  RUNS,    RUNS),
        ("{{ accounts.name }}",             RUNS,    RUNS),
        ("{{ accounts.name }}{{ run.id }}", "",      ""),
        ("u{{ run.id }}_{{ user.id }}",     "",      ""),
        ("u{{ now('%s') }}_{{ user.id }}",  "",      ""),
        ("{{ uuid() }}",                    "",      ""),
        ("{{ random_string(12) | lower }}", "",      ""),
        ("{{ of_both }}",                   "",      ""),
        ("{{ of_user }}",                   RUNS,    RUNS),
        ("{{ same }}",                      USERS,   RUNS),
        ("{{ token }}",                     "",      ""),
        ("{{ handed }}",                    RUNS,    RUNS),
    ];
    for (value, by_three, alone) in rows {
        for (users, expected) in [(3, by_three), (1, alone)] {
            let told = registering("/auth/register", "username", value, users);
            let codes: Vec<_> = titles(&told).iter().map(|title| &title[8..13]).collect();
            let expected: &[&str] = if expected.is_empty() {
                &[]
            } else {
                &[expected]
            };
            assert_eq!(codes, expected, "{value} by {users}\n{told}");
        }
    }
}

/// What is no registration, or can be registered twice, is left in peace.
#[test]
fn only_registrations_are_spoken_of() {
    #[rustfmt::skip]
    let rows = [
        ("/auth/register",        "username",      true),
        ("/register.php?a=b",     "user[email]",   true),
        ("/api/v1/sign-up",       "E-Mail",        true),
        ("http://x.org/SignUp",   "userName",      true),
        ("/auth/login",           "username",      false),
        ("/cash_register/sales",  "username",      false),
        ("/search?from=register", "username",      false),
        ("/auth/register",        "password",      false),
        ("/auth/register",        "name",          false),
        ("/auth/register",        "user[city]",    false),
    ];
    for (path, field, warned) in rows {
        let told = registering(path, field, "ada", 3);
        assert_eq!(told.contains("P0404"), warned, "{path} {field}\n{told}");
        assert_eq!(titles(&told).len(), usize::from(warned), "{told}");
    }
}

fn registering(path: &str, field: &str, value: &str, users: u32) -> String {
    // All variables are read, and do no harm.
    let text = format!(
        "
        plan: 1
        data: {{ accounts: {{ csv: accounts.csv }} }}
        vars:
          same: ada
          of_user: 'u{{{{ user.id }}}}'
          of_both: '{{{{ run.id }}}}{{{{ of_user }}}}'
        users:
          visitor:
            wait: 1s
            on_start: [{{ task: join, with: {{ handed: '{{{{ of_user }}}}' }} }}]
            tasks: [look]
        tasks:
          join:
            params: [handed]
            steps:
              - get: /{{{{ handed }}}}
                extract: {{ token: {{ css: a }} }}
              - post: {path}
                form: {{ '{field}': \"{value}\" }}
          look: [{{ get: '/{{{{ of_both }}}}/{{{{ same }}}}/{{{{ token }}}}/{{{{ accounts.name }}}}' }}]
        load: {{ users: {users}, duration: 1m }}
        "
    );
    mistakes_with(
        &text,
        MemoryLoader::new().with("accounts.csv", "name\nada\n"),
    )
}

/// JSON has its fields in mappings, and in mappings in them.
#[test]
fn what_is_registered_as_json_is_looked_at_too() {
    let told = mistakes(
        "
        plan: 1
        users:
          visitor: { wait: 1s, on_start: [register], tasks: [look] }
        tasks:
          register:
            - post: /api/signup
              json: { user: { email: ada@example.org, name: Ada, age: 7 }, login: '{{ uuid() }}' }
          look: [{ get: / }]
        load: { users: 9, duration: 1m }
        ",
    );
    assert_eq!(
        titles(&told),
        ["warning[P0404]: all users would register the same `email`"],
        "{told}"
    );
}

#[test]
fn a_class_may_have_a_value_of_its_own() {
    let told = mistakes(
        "
        plan: 1
        vars: { username: '{{ uuid() }}' }
        users:
          many: { wait: 1s, on_start: [register], tasks: [look] }
          same: { wait: 1s, vars: { username: ada }, on_start: [register], tasks: [look] }
          other: { wait: 1s, vars: { username: bob }, tasks: [look] }
        tasks:
          register: [{ post: /register, form: { username: '{{ username }}' } }]
          look: [{ get: '/{{ username }}' }]
        load: { users: 9, duration: 1m }
        ",
    );
    assert_eq!(
        titles(&told),
        ["warning[P0404]: all users of `same` would register the same `username`"]
    );
}

/// Where a registration stands, its value, and what is said of it.
#[test]
fn what_is_registered_in_rounds_is_made_anew_in_each() {
    const LASTING: &str = "{{ lasting }}";
    #[rustfmt::skip]
    let rows = [
        ("on_start: [join], tasks: [look]",      LASTING,                         ""),
        ("tasks: [join, look]",                  LASTING,                         "P0406"),
        ("choose_once: [join, look]",            LASTING,                         "P0406"),
        ("sequence: [through, look]",            LASTING,                         "P0406"),
        ("tasks: [in_a_set, look]",              LASTING,                         "P0406"),
        ("tasks: [at_its_start, look]",          LASTING,                         ""),
        ("tasks: [perhaps, look]",               LASTING,                         ""),
        ("tasks: [join, look]",                  "{{ lasting }}_{{ iteration }}", ""),
        ("tasks: [join, look]",                  "{{ uuid() }}",                  ""),
        ("tasks: [join, look]",                  "{{ run.id }}",                  "P0404"),
    ];
    for (does, value, code) in rows {
        for limit in ["duration: 1m", "per_user: 1"] {
            let told = mistakes(&format!(
                "
                plan: 1
                vars: {{ lasting: '{{{{ uuid() }}}}' }}
                users:
                  visitor: {{ wait: 1s, {does} }}
                tasks:
                  look: [{{ get: '/{{{{ lasting }}}}' }}]
                  join: [{{ post: /register, form: {{ username: '{value}' }} }}]
                  through: [join]
                  in_a_set: {{ sequence: [join] }}
                  at_its_start: {{ on_start: [join], sequence: [look] }}
                  perhaps: [{{ task: join, when: iteration == 1 }}]
                load: {{ users: 3, {limit} }}
                "
            ));
            let codes: Vec<_> = titles(&told)
                .iter()
                .map(|title| &title[8..13])
                .filter(|code| *code != "P0110")
                .collect();
            let silent = code.is_empty() || (code == "P0406" && limit == "per_user: 1");
            let expected: &[&str] = if silent { &[] } else { &[code] };
            assert_eq!(codes, expected, "{does} {value} {limit}\n{told}");
        }
    }
}

/// Who takes a proposal is not told of the next mistake in the same place.
#[test]
fn proposals_for_registrations_are_good() {
    for does in ["on_start: [join], tasks: [look]", "tasks: [join, look]"] {
        let plan = |value: &str| {
            mistakes(&format!(
                "
                plan: 1
                users:
                  visitor: {{ wait: 1s, {does} }}
                tasks:
                  look: [{{ get: / }}]
                  join: [{{ post: /register, form: {{ username: {value} }} }}]
                load: {{ users: 3, duration: 1m }}
                "
            ))
        };
        for wrong in ["ada", "'{{ user.id }}'"] {
            let told = plan(wrong);
            let at = told.find("such as `").expect("a proposal") + "such as `".len();
            let proposed = told[at..].split('`').next().expect("it ends");
            assert_eq!(plan(proposed), "", "{wrong} → {proposed}");
        }
    }
}

#[test]
fn names_are_of_kinds_and_not_of_ids() {
    #[rustfmt::skip]
    let rows = [
        ("page of {{ user.id }}",         "user"),
        ("round {{ iteration }}",         "iteration"),
        ("{{ uuid() }}",                  "value that is drawn"),
        ("at {{ now() }}",                "moment"),
        ("post {{ post_id }}",            "value that an answer has"),
        ("{{ of_user | upper }}",         "user"),
        ("{{ handed }}",                  "iteration"),
        ("{{ user.class }}",              ""),
        ("{{ kind }} of {{ run.id }}",    ""),
        ("{{ pick(['a', 'b']) }}",        ""),
        ("plain",                         ""),
    ];
    for (name, what) in rows {
        for step in [
            "get: /\n      name",
            "record:\n        type: log\n        name",
        ] {
            let text = format!(
                "
plan: 1
vars: {{ kind: page, of_user: 'u{{{{ user.id }}}}' }}
users:
  a: {{ wait: 1s, tasks: [look] }}
tasks:
  look:
    - get: /{{{{ kind }}}}{{{{ of_user }}}}
      extract: {{ post_id: {{ css: a }} }}
    - get: /{{{{ post_id }}}}
    - task: show
      with: {{ handed: 'h{{{{ iteration }}}}' }}
  show:
    params: [handed]
    steps:
    - get: /{{{{ handed }}}}
    - {step}: \"{name}\"
load: {{ users: 3, duration: 1m }}
"
            );
            let told = mistakes(&text);
            let expected = format!("warning[P0403]: this name makes a row for every {what}");
            let expected: &[&str] = if what.is_empty() { &[] } else { &[&expected] };
            assert_eq!(titles(&told), expected, "{told}");
        }
    }
}

#[test]
fn what_is_set_is_read_somewhere() {
    let told = mistakes_with(
        "
        plan: 1
        include: [tasks.yaml]
        data:
          rows: { csv: rows.csv }
          other_rows: { csv: rows.csv }
        vars:
          read_by_var: 1
          reader: '{{ read_by_var }}'
          read_by_task: 2
          in_condition: 3
          with_default: 4
          never: 5
        users:
          a:
            wait: 1s
            vars: { never_either: 6 }
            tasks: [look, shared]
        tasks:
          look:
            params: { told: 1, untold: 2 }
            steps:
              - set: { n: '{{ n | default(0) + 1 }}', m: 1 }
              - set: { m: '{{ m + 1 }}' }
              - get: /{{ reader }}/{{ with_default | default('x') }}/{{ told }}
                when: in_condition == 3 and rows.name != 'x'
                extract:
                  next: { css: a, attr: href }
                  lost: { css: b }
              - log: '{{ m }}'
              - get: '{{ next }}'
                when: next is defined
        load: { users: 3, duration: 1m }
        ",
        MemoryLoader::new()
            .with(
                "tasks.yaml",
                "plan: 1\ntasks:\n  shared:\n    - get: /{{ read_by_task }}\n      \
             extract: { for_others: { css: a } }\n",
            )
            .with("rows.csv", "name\nada\n"),
    );
    assert_eq!(
        titles(&told),
        [
            "warning[P0402]: no row of `other_rows` is ever read",
            "warning[P0402]: `never` is set and never read",
            "warning[P0402]: `never_either` is set and never read",
            "warning[P0402]: parameter `untold` is never read",
            "warning[P0402]: `n` is set and never read",
            "warning[P0402]: `lost` is extracted and never read",
        ],
        "{told}"
    );
}

/// The bug of a plan that counts and forgets: the value is read, and still for nothing.
#[test]
fn a_counter_that_only_counts_is_shown_with_its_counting() {
    let told = mistakes(
        "
        plan: 1
        users:
          visitor: { wait: 1s, vars: { n: 0 }, tasks: [count] }
        tasks:
          count:
            - set: { n: '{{ n + 1 }}' }
            - get: /
        load: { users: 3, duration: 1m }
        ",
    );
    assert_eq!(
        told,
        "\
warning[P0402]: `n` is set and never read
 --> plan.yaml:3:32
  |
3 |   visitor: { wait: 1s, vars: { n: 0 }, tasks: [count] }
  |                                ^ nothing comes of it
...
6 |     - set: { n: '{{ n + 1 }}' }
  |                     - read here, but only to set it anew
  |
  = help: leave it out, or read it as `{{ n }}`

1 warning in plan.yaml
"
    );
}

/// Half of what a plan with mistakes does may be missing.
#[test]
fn nothing_is_advised_about_a_plan_with_mistakes() {
    let told = mistakes(
        "
        plan: 1
        vars: { never: 5 }
        users:
          a: { wait: 1s, tasks: [look] }
        tasks:
          look: [{ get: '/{{ nevr }}' }]
        load: { users: 3, duration: 1h }
        ",
    );
    assert!(!told.contains("P0402"), "{told}");
    assert!(told.contains("nothing sets `nevr`"), "{told}");
}
