//! `submit` in a plan: which page it takes the form from, how it is counted, and what
//! is said where that cannot be.

use super::wire::{failures, html, plan, send};
use crate::running::{mistakes, requests};

const LOGIN: &str = "<title>Log In</title><form method=post action=/in><input type=hidden name=csrf value=t0k3n>\
    <input name=user><input type=password name=password></form>";

#[tokio::test(start_paused = true)]
async fn a_form_is_taken_from_the_page_last_received() {
    let (sent, record) = send(
        "
        - get: /login
        - submit: 'form[action=\"/in\"]'
          headers: { X-Pin: 007 }
          fields: { user: '{{ who }}', password: 's {{ response.status }}' }
          extract: { next: { css: 'a', attr: href } }
          redirects: none
        - wait: 5s
        - submit: form
          name: leave
        - get: '{{ next }}'
        ",
        "vars: { who: ann }\n",
        |path| match path {
            "/login" => html(LOGIN).redirected_to("/deep/login?x=1"),
            "/in" => html("<a href=/next></a><form action=out><button name=go>x</button></form>"),
            _ => html(""),
        },
    )
    .await;
    assert_eq!(failures(&record), []);
    let lines: Vec<_> = sent.iter().map(|sent| sent.line.as_str()).collect();
    assert_eq!(
        lines,
        ["GET /login", "POST /in", "GET /out?go=", "GET /next"]
    );
    assert_eq!(sent[1].body, b"csrf=t0k3n&user=ann&password=s+200");
    assert_eq!(sent[1].content_type, "application/x-www-form-urlencoded");
    assert_eq!(requests(&record, "submit form[action='/in']"), 1);
    assert_eq!(requests(&record, "leave"), 1);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_sent_is_a_failure_of_its_request_and_nothing_goes_out() {
    let rows = [
        (
            "#other",
            "{}",
            "`#other` matched 0 elements; the page's title is `Log In`",
        ),
        (
            "title",
            "{}",
            "`title` matched `<title>`, which is no form; the page's title is `Log In`",
        ),
        (
            "form",
            "{ usr: ann }",
            "the form has no field `usr` (did you mean `user`?); it has `csrf`, `user`, `password`",
        ),
    ];
    for (form, fields, detail) in rows {
        let steps = format!("- get: /\n- submit: '{form}'\n  fields: {fields}\n- get: /never");
        let (sent, record) = send(&steps, "", |_| html(LOGIN)).await;
        assert_eq!(sent.len(), 1, "{form}");
        let expected = (
            format!("submit {form}"),
            "form".to_owned(),
            detail.to_owned(),
        );
        assert_eq!(failures(&record), [expected]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_page_that_is_gone_gives_no_form() {
    let steps = "
        - get: /
          on_fail: continue
        - submit: form
          when: response.status is defined
        - get: /after
        ";
    let (sent, record) = send(steps, "", |path| match path {
        "/" => html(LOGIN).after(std::time::Duration::from_secs(60)),
        _ => html(""),
    })
    .await;
    let lines: Vec<_> = sent.iter().map(|sent| sent.line.as_str()).collect();
    assert_eq!(lines, ["GET /", "GET /after"]);
    assert_eq!(record.skipped.len(), 1);
    assert_eq!(&*record.skipped[0].0, "submit form");
}

#[test]
fn a_form_needs_a_page_on_every_way() {
    let steps = "
        - submit: form
        - get: /
          on_fail: continue
        - submit: '#second'
        - submit: '#third'
        ";
    assert_eq!(
        mistakes(&plan(steps, "")),
        "\
error[P0220]: a form is sent where there may be no page to take it from
 --> plan.yaml:6:15
  |
6 |     - submit: form
  |               ^^^^ users of `visitor` may come here without it
...
9 |     - submit: '#second'
  |                ------- and here
  |
  = help: `submit` takes the form from the answer to the request before it in the same round: get the page first, or guard the step by `when: response.status is defined`

1 error in plan.yaml
"
    );
}

#[test]
fn slips_in_a_submit_step_are_told() {
    let rows = [
        ("- get: /\n- submit: '#a['", "P0202"),
        ("- get: /\n- submit: 'form {{ x }}'", "P0202"),
        (
            "- get: /\n- submit: form\n  form: { a: 1 }",
            "what is filled in is called `fields`",
        ),
        (
            "- get: /\n- submit: form\n  fields: { a: { b: 1 } }",
            "not a key of a file of a form",
        ),
        ("- get: /\n- submit: form\n  fields: { a: [[1]] }", "P0003"),
        (
            "- get: /\n- submit: form\n  query: { a: 1 }",
            "makes its query of its `fields`",
        ),
        (
            "- get: /\n- submit: form\n  fields: { '{{ a }}': 1 }",
            "is no template",
        ),
        (
            "- get: /\n- submit: form\n  fields: { a: '{{ nobody }}' }",
            "P0302",
        ),
        ("- get: /\n- submti: form", "did you mean `submit`?"),
    ];
    for (steps, expected) in rows {
        let told = mistakes(&plan(steps, ""));
        assert!(told.contains(expected), "{steps}\n{told}");
    }
}
