//! Thresholds on what the plan does not have.

use super::running::mistakes;

fn of(threshold: &str) -> String {
    mistakes(&format!(
        r#"
        plan: 1
        target: http://target
        users:
          buyer: {{ wait: 1s, sequence: [{{ group: checkout, do: [{{ get: / }}] }}] }}
        load: {{ users: 4, ramp_up: 10s, duration: 2m }}
        thresholds:
          - errors < 1%
          - '{threshold}'
        "#
    ))
}

#[test]
#[rustfmt::skip]
fn what_is_not_there_is_told_with_what_is() {
    let rows = [
        ("p95 of class byer < 1s",      "no class is named `byer`",                  "did you mean `buyer`?"),
        ("p95 of iteration byer < 1s",  "no class is named `byer`",                  "did you mean `buyer`?"),
        ("p95 of class x < 1s",         "no class is named `x`",                     "the plan's classes are `buyer`"),
        ("p95 of group chekout < 1s",   "no group is named `chekout`",               "did you mean `checkout`?"),
        ("p95 in stage hodl < 1s",      "no stage of the load is named `hodl`",      "did you mean `hold`?"),
        ("p95 in stage ramp_down < 1s", "no stage of the load is named `ramp_down`", "the plan's stages are `ramp_up`, `hold`"),
        ("p95 in stage peak < 1s",      "no stage of the load is named `peak`",      "the plan's stages are `ramp_up`, `hold`"),
        (r#"p95 of "GET /x" < 1s"#,     "no request is named `GET /x`",              "did you mean `GET /`?"),
    ];
    for (threshold, message, help) in rows {
        let text = of(threshold);
        assert!(text.starts_with(&format!("error[P0206]: {message}\n")), "{text}");
        assert!(text.contains(help), "{text}");
        assert!(text.contains("plan.yaml:8:"), "{text}");
    }
    assert_eq!(of("p95 of group checkout in stage hold < 1s over 1m abort"), "");
}

/// Classes with loads of their own may have stages of the same name at other times.
#[test]
fn a_stage_of_several_loads_is_asked_of_a_class() {
    let of = |threshold: &str| {
        mistakes(&format!(
            r#"
        plan: 1
        target: http://target
        users:
          buyer:
            wait: 1s
            sequence: [{{ get: / }}]
            load: {{ users: 2, ramp_up: 5s, duration: 1m }}
          looker: {{ wait: 1s, sequence: [{{ get: / }}] }}
        load: {{ users: 4, ramp_up: 10s, duration: 2m }}
        thresholds: [errors < 1%, '{threshold}']
        "#
        ))
    };
    assert_eq!(of("p95 of class buyer in stage hold < 1s"), "");
    assert_eq!(of("p95 of class looker in stage hold < 1s"), "");
    let text = of("p95 in stage hold < 1s");
    let told = "error[P0206]: several loads have a stage `hold`, at different times\n";
    assert!(text.starts_with(told), "{text}");
    assert!(text.contains("say of which class"), "{text}");
}

/// A short run of a plan may do without its ramps; the plan is good all the same.
#[test]
fn a_ramp_of_no_time_is_not_judged() {
    let text = mistakes(
        "
        plan: 1
        target: http://target
        users: { visitor: { wait: 1s, sequence: [{ get: / }] } }
        load: { users: 4, ramp_up: 0s, duration: 2m }
        thresholds: [errors < 1%, p95 in stage ramp_up < 1s]
        ",
    );
    let told = "note[P0206]: the stage `ramp_up` takes no time\n";
    assert!(text.starts_with(told), "{text}");
    assert!(text.contains("so this threshold is not judged"), "{text}");
}
