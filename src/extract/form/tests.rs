use std::sync::Arc;

use url::Url;

use super::*;
use crate::exchange::{Content, Response};

/// What is sent for the first form of a page: method, address, body.
fn sent(html: &str, fields: &[(&str, &[&str])], button: Option<&str>) -> Result<String, String> {
    sent_from(html, "text/html; charset=utf-8", fields, button)
}

fn sent_from(
    html: &str,
    content_type: &str,
    fields: &[(&str, &[&str])],
    button: Option<&str>,
) -> Result<String, String> {
    let response = Response {
        status: 200,
        url: Url::parse("http://host/dir/page?x=1#top").unwrap(),
        headers: [("content-type", content_type)].into_iter().collect(),
        body: html.as_bytes().to_vec(),
        content: Content::default(),
        beginning: Vec::new(),
        body_bytes: 0,
        worth: crate::exchange::Worth::Content,
    };
    let fields: Vec<(Arc<str>, Vec<multipart::Value>)> = fields
        .iter()
        .map(|(name, values)| {
            let values = values
                .iter()
                .map(|value| match value.strip_prefix("file:") {
                    None => multipart::Value::Text((*value).to_owned()),
                    Some(name) => multipart::Value::File(multipart::Attachment {
                        filename: name.to_owned(),
                        content_type: "text/plain".into(),
                        content: b"two\nlines".to_vec().into(),
                    }),
                });
            ((*name).into(), values.collect())
        })
        .collect();
    let form = Selector::new("form, .no-form").unwrap();
    let button = button.map(|button| Selector::new(button).unwrap());
    let filling = Filling {
        form: &form,
        button: button.as_ref(),
        fields: &fields,
        boundary: 0,
    };
    let sent = submission(&Page::new(&response), &filling).map_err(|failure| {
        assert_eq!(failure.kind, FailureKind::Form);
        failure.detail
    })?;
    let body = sent.body.as_ref();
    let body = body.map_or(String::new(), |body| {
        String::from_utf8(body.to_vec()).unwrap()
    });
    let line = format!("{} {} {body}", sent.method, sent.url);
    Ok(line.replace("http://host", "").trim_end().to_owned())
}

/// What a form sends whose controls are `controls`.
fn query(controls: &str, fields: &[(&str, &[&str])]) -> Result<String, String> {
    let line = sent(&format!("<form>{controls}</form>"), fields, None)?;
    let (_, query) = line.split_once('?').expect("a query");
    Ok(query.to_owned())
}

#[test]
#[rustfmt::skip]
fn a_form_gives_what_its_page_says() {
    let rows = [
        ("<input name=a value=1><input name=b>",                                    "a=1&b="),
        ("<input value=nameless><input name='' value=1>",                           ""),
        ("<input name=a value=1><input name=a value=2>",                            "a=1&a=2"),
        ("<input name=a disabled value=1><input name=b readonly value=2>",          "b=2"),
        ("<input type=HIDDEN name=csrf value='a b'>",                               "csrf=a+b"),
        ("<input type=checkbox name=a><input type=checkbox name=b checked>",        "b=on"),
        ("<input type=checkbox name=a value=1 checked><input type=checkbox name=a value=2 checked>", "a=1&a=2"),
        ("<input type=radio name=a value=1 checked><input type=radio name=a value=2 checked>", "a=2"),
        ("<input type=radio name=a value=1>",                                       ""),
        ("<select name=a><option>x<option>y</select>",                              "a=x"),
        ("<select name=a><option disabled>x<option>y</select>",                     "a=y"),
        ("<select name=a><option selected disabled>x<option>y</select>",            ""),
        ("<select name=a><option selected>x<option selected>y</select>",            "a=y"),
        ("<select name=a multiple><option>x</select>",                              ""),
        ("<select name=a multiple><option selected>x<option selected value=2>y</select>", "a=x&a=2"),
        ("<select name=a size=2><option>x</select>",                                ""),
        ("<select name=a><optgroup disabled><option>x</optgroup><optgroup><option> y  z </select>", "a=y+z"),
        ("<select name=a></select>",                                                ""),
        ("<textarea name=a>\n\nx\ny</textarea><textarea name=b></textarea>",        "a=%0D%0Ax%0D%0Ay&b="),
        ("<input type=file name=a>",                                                "a="),
        ("<input type=submit name=a value=1><input type=submit name=b value=2>",    "a=1"),
        ("<input type=submit name=a disabled><button name=b value=2>x</button>",    "b=2"),
        ("<button type=button name=a value=1>x</button><input type=reset name=b>",  ""),
        ("<input type=image name=a><input name=b>",                                 "a.x=0&a.y=0&b="),
        ("<fieldset disabled><legend><input name=a></legend><input name=b></fieldset>", "a="),
        ("<fieldset disabled><p></p><legend><input name=a></legend><legend><input name=b></legend></fieldset>", "a="),
        ("<fieldset disabled><fieldset><legend><input name=a></legend></fieldset></fieldset>", ""),
        ("<datalist><input name=a></datalist><template><input name=b></template>",  "a="),
        ("<select name=a><option>x<script>y</script>z</select><svg><input name=b></svg>", "a=xz"),
        ("<input type=hidden name=_charset_ value=x><input name=_charset_>",        "_charset_=UTF-8&_charset_="),
        ("<input name=a value='x\ny'><input type=hidden name=b value='x\ny'>",      "a=xy&b=x%0D%0Ay"),
        ("<input type=email name=a value=' b@c '><input type=url name=b value=' c:d '>", "a=b%40c&b=c%3Ad"),
        ("<input type=number name=a value=1e3><input type=number name=b value=x>",  "a=1e3&b="),
        ("<input type=range name=a><input type=range name=b value=200 max=150>",    "a=50&b=150"),
        ("<input type=range name=a min=3 max=10 step=3 value=8><input type=range name=b min=0 max=1 step=any>", "a=9&b=0.5"),
        ("<input type=color name=a><input type=color name=b value='#AABBCC'>",      "a=%23000000&b=%23aabbcc"),
        ("<input type=date name=a value=2026-02-29><input type=date name=b value=2028-02-29>", "a=&b=2028-02-29"),
        ("<input type=week name=a value=2026-W53><input type=week name=b value=2025-W53>", "a=2026-W53&b="),
        ("<input type=time name=a value=24:00><input type=time name=b value=07:30>", "a=&b=07%3A30"),
        ("<input type=month name=a value=2026-11><input type=month name=b value=2026-13>", "a=2026-11&b="),
        ("<input type=datetime-local name=a value='2026-11-22 07:30:00'>",          "a=2026-11-22T07%3A30"),
    ];
    for (controls, expected) in rows {
        assert_eq!(query(controls, &[]).as_deref(), Ok(expected), "{controls}");
    }
}

#[test]
#[rustfmt::skip]
fn a_field_is_filled_in_as_a_person_can() {
    let text = "<input name=a value=1><input type=hidden name=b value=2>";
    let tags = "<input name=a value=1><input name=a value=2>";
    let boxes = "<input type=hidden name=a value=0><input type=checkbox name=a value=1 checked>";
    let radios = "<input type=radio name=a value=x checked><input type=radio name=a value=y>";
    let select = "<select name=a><option value=pl selected>Poland<option value=de>Germany<option disabled>xx</select>";
    let several = "<select name=a multiple><option selected>x<option>y<option>z</select>";
    type Fields<'a> = &'a [(&'a str, &'a [&'a str])];
    let rows: [(&str, Fields<'_>, Result<&str, &str>); 29] = [
        (text,    &[("a", &["x y"])],           Ok("a=x+y&b=2")),
        (text,    &[("b", &[""])],              Ok("a=1&b=")),
        (text,    &[("a", &["x\r\ny"])],        Ok("a=xy&b=2")),
        (text,    &[("a", &[])],                Ok("b=2")),
        (text,    &[("c", &["x"])],             Err("the form has no field `c`; it has `a`, `b`")),
        (text,    &[("a", &["x", "y"])],        Err("the form has one field `a`, and 2 values are to be filled in")),
        (tags,    &[("a", &["x", "y"])],        Ok("a=x&a=y")),
        (tags,    &[("a", &["x"])],             Ok("a=x&a=2")),
        (boxes,   &[("a", &["false"])],         Ok("a=0")),
        (boxes,   &[("a", &["true"])],          Ok("a=0&a=1")),
        (boxes,   &[("a", &["1"])],             Ok("a=0&a=1")),
        (boxes,   &[("a", &[])],                Ok("a=0")),
        (boxes,   &[("a", &["2"])],             Err("`a` cannot be `2`; it can be `1`")),
        (radios,  &[("a", &["y"])],             Ok("a=y")),
        (radios,  &[("a", &["z"])],             Err("`a` cannot be `z`; it can be `x`, `y`")),
        (select,  &[("a", &["de"])],            Ok("a=de")),
        (select,  &[("a", &["Germany"])],       Err("`a` has no option of the value `Germany`; the one that reads so has `de`")),
        (select,  &[("a", &["xx"])],            Err("the option `xx` of `a` is disabled")),
        (select,  &[("a", &["pl", "de"])],      Err("`a` takes one option, and 2 are to be chosen")),
        (select,  &[("a", &["France"])],        Err("`a` cannot be `France`; it can be `pl`, `de`")),
        (several, &[("a", &["z", "y"])],        Ok("a=y&a=z")),
        (several, &[("a", &[])],                Ok("")),
        ("<input name=a disabled>",           &[("a", &["x"])], Err("the field `a` is disabled")),
        ("<input type=file name=a>",          &[("a", &["x"])], Err("the field `a` takes files: `{ file: FILE }`")),
        ("<input type=file name=a>",          &[("a", &["file:x.txt"])], Ok("a=x.txt")),
        ("<input type=file name=a multiple>", &[("a", &["file:x", "file:y"])], Ok("a=x&a=y")),
        ("<input type=file name=a>",          &[("a", &["file:x", "file:y"])], Err("the field `a` takes one file, and 2 are to be chosen")),
        ("<input name=a>",                    &[("a", &["file:x"])], Err("the field `a` takes no file")),
        ("<button name=a value=1></button>",  &[("a", &["1"])], Err("`a` is a button and no field; `button` says which one is pressed")),
    ];
    for (controls, fields, expected) in rows {
        let found = query(controls, fields);
        assert_eq!(found.as_deref().map_err(String::as_str), expected, "{controls} {fields:?}");
    }
}

#[test]
#[rustfmt::skip]
fn a_form_goes_where_it_says() {
    let rows = [
        ("<form><input name=a></form>",                                "GET /dir/page?a="),
        ("<form action='next?old=1#f'><input name=a></form>",          "GET /dir/next?a="),
        ("<form method=post><input name=a></form>",                    "POST /dir/page?x=1 a="),
        ("<form method=POST action=' /a?b '><input name=a></form>",    "POST /a?b a="),
        ("<form method=put action=/a><input name=a></form>",           "GET /a?a="),
        ("<base href=/other/><form action=b><input name=a></form>",    "GET /other/b?a="),
        ("<base href=/other/><form><input name=a></form>",             "GET /dir/page?a="),
        ("<form action=/a method=post enctype=text/plain><input name=a value=1><input name=b></form>", "POST /a a=1\r\nb="),
        ("<form action=/a><input type=submit formaction=/b formmethod=post name=c></form>", "POST /b c=Submit"),
        ("<form action=/a id=f></form><input name=a form=f><input name=b form=g>", "GET /a?a="),
        ("<form action=/a id=f><input name=a form=''><input name=b form=f></form>", "GET /a?b="),
        ("<p id=f></p><form action=/a id=f><input name=a></form><input name=b form=f>", "GET /a?a="),
        ("<template><form action=/no></form></template><form action=/a></form>", "GET /a?"),
        ("<form action=/a><form action=/b><input name=c></form>",      "GET /a?c="),
    ];
    for (html, expected) in rows {
        assert_eq!(sent(html, &[], None).as_deref(), Ok(expected), "{html}");
    }
    let wrong = [
        ("<title>Log In</title>",         "`form, .no-form` matched 0 elements; the page's title is `Log In`"),
        ("<p class=no-form>x",            "`form, .no-form` matched `<p>`, which is no form; the page begins with `<p class=no-form>x`"),
        ("<form action=mailto:a@b>",      "the form leads to `mailto:a@b`: only http and https can be asked"),
        ("<form action='http://['>",      "the form leads to `http://[`, which is no URL: invalid IPv6 address"),
        ("<form method=dialog>",          "the form closes a dialog, and sends nothing"),
    ];
    for (html, expected) in wrong {
        assert_eq!(sent(html, &[], None).unwrap_err(), expected, "{html}");
    }
}

#[test]
#[rustfmt::skip]
fn a_button_is_pressed() {
    let form = "<form action=/a><button name=b value=1>x</button><input type=submit class=second name=b value=2>\
        <input type=submit name=off disabled><button type=button class=inert></button></form>\
        <button class=outside name=b value=3 formaction=/c>y</button>";
    let rows = [
        (None,               Ok("GET /a?b=1")),
        (Some(".second"),    Ok("GET /a?b=2")),
        (Some("[name=off]"), Err("the button `[name=off]` is disabled")),
        (Some(".outside"),   Err("`.outside` matched none of the form's buttons to submit it, of which it has 3")),
        (Some(".inert"),     Err("`.inert` matched none of the form's buttons to submit it, of which it has 3")),
    ];
    for (button, expected) in rows {
        let found = sent(form, &[], button);
        assert_eq!(found.as_deref().map_err(String::as_str), expected, "{button:?}");
    }
    let none = sent("<form></form>", &[], Some("button"));
    assert_eq!(none.unwrap_err(), "`button` is no button of the form; it has none");
}

#[test]
fn a_page_in_another_charset_is_answered_in_it() {
    let form = |more: &str| format!("<form {more}><input name=a value='x'></form>");
    let rows = [
        (
            "text/html; charset=iso-8859-2",
            "",
            "GET /dir/page?a=%A3%26%238364%3B",
        ),
        (
            "text/html; charset=iso-8859-2",
            "accept-charset='none utf-8'",
            "GET /dir/page?a=%C5%81%E2%82%AC",
        ),
    ];
    for (content_type, more, expected) in rows {
        let found = sent_from(&form(more), content_type, &[("a", &["Ł€"])], None);
        assert_eq!(found.as_deref(), Ok(expected), "{content_type} {more}");
    }
}

#[test]
fn a_form_with_files_has_parts() {
    let html = "<form method=post enctype=multipart/form-data action=/a>\
        <input name='a\"b' value=1><textarea name=t>\nx\ny</textarea><input type=file name=f></form>";
    let boundary = format!("----------plan{:032x}", 0);
    let expected = format!(
        "POST /a --{boundary}\r\nContent-Disposition: form-data; name=\"a%22b\"\r\n\r\n1\r\n\
         --{boundary}\r\nContent-Disposition: form-data; name=\"t\"\r\n\r\nx\r\ny\r\n\
         --{boundary}\r\nContent-Disposition: form-data; name=\"f\"; filename=\"\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n\r\n--{boundary}--"
    );
    assert_eq!(sent(html, &[], None), Ok(expected));
}
