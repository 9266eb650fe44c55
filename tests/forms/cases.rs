//! Forms that are sent twice: by a browser, and by a plan.

/// A page with a form, and what is done with it.
pub struct Case {
    pub name: &'static str,
    pub charset: &'static str,
    pub page: &'static str,
    /// `fields` of the plan's step, in braces.
    pub fields: &'static str,
    /// The same in the language of browsers.
    pub script: &'static str,
    /// The button that both press.
    pub button: Option<&'static str>,
}

const PLAIN: Case = Case {
    name: "",
    charset: "utf-8",
    page: "",
    fields: "{}",
    script: "",
    button: None,
};

/// Every kind of control there is, as the page has them.
const EVERY_CONTROL: &str = r##"
<form id=f action="/sent?gone=1#x" method=post>
  <input name=plain value="a b &amp; c+d = ł*-._~!'()">
  <input name="" value=nameless><input value=nameless>
  <input name=empty>
  <input name=twice value=1><input name=twice value=2>
  <input name=off disabled value=1><input name=fixed readonly value=1>
  <input type=hidden name=csrf_token value="t/+=&quot;x&quot;">
  <input type=hidden name=lines value="one&#10;two&#13;&#10;three">
  <input type=nonsense name=nonsense value="a&#10;b">
  <input type=search name=search value=" s "><input type=tel name=tel value=" 1 ">
  <input type=password name=pw value="p&#13;w">
  <input type=url name=url value="  http://x/ ä  "><input type=email name=mail value=" a@b ">
  <input type=email name=mails multiple value=" a@b , c@d ">
  <input type=number name=n1 value=1e3><input type=number name=n2 value=x><input type=number name=n3 value=" 1">
  <input type=number name=n4 value=-.5><input type=number name=n5 value=+1><input type=number name=n6 value=1.>
  <input type=range name=r1><input type=range name=r2 min=3 max=10 step=3 value=8>
  <input type=range name=r3 min=0 max=1 step=any><input type=range name=r4 value=200 max=150>
  <input type=range name=r5 min=10 max=5 value=7><input type=range name=r6 step=20 value=50>
  <input type=color name=c1><input type=color name=c2 value="#AaBbCc">
  <input type=date name=d1 value=2026-02-29><input type=date name=d2 value=2028-02-29>
  <input type=month name=d3 value=2026-11><input type=month name=d4 value=2026-13>
  <input type=week name=d5 value=2026-W53><input type=week name=d6 value=2025-W53>
  <input type=time name=t1 value=24:00><input type=time name=t2 value=07:30><input type=time name=t3 value=07:30:15.5>
  <input type=datetime-local name=m1 value="2026-11-22 07:30:00"><input type=datetime-local name=m2 value=2026-11-22>
  <input type=datetime-local name=m3 value="2026-11-22T07:30:15.250">
  <input type=checkbox name=k1><input type=checkbox name=k2 checked><input type=checkbox name=k3 value=v checked>
  <input type=checkbox name=k4 value="" checked><input type=checkbox name=k5 checked disabled>
  <input type=radio name=o value=1 checked><input type=radio name=o value=2 checked><input type=radio name=o value=3>
  <input type=radio name=p value=1><input type=radio name=q value=1 checked><input type=radio name=q value=2 checked disabled>
  <select name=s1><option>  first  one <option>second</select>
  <select name=s2><option value=1>one<option value=2 selected>two<option value=3 selected>three</select>
  <select name=s3><option disabled>no<option value="">none<option>x</select>
  <select name=s4><option selected disabled>choose<option>x</select>
  <select name=s5 multiple><option>a<option selected>b<option selected value=C>c<option selected disabled>d</select>
  <select name=s6 multiple><option>a</select><select name=s7 size=3><option>a</select>
  <select name=s8 size=0><option>a</select><select name=s9></select><select name=s10 disabled><option>a</select>
  <select name=s11><optgroup label=g disabled><option>a</optgroup><optgroup label=h><option label=L>b</optgroup></select>
  <select name=s12><optgroup disabled><option selected>a</optgroup></select>
  <textarea name=a1>
first
second</textarea><textarea name=a2></textarea><textarea name=a3 disabled>x</textarea><textarea name=a4>

 x &lt;b&gt; </textarea>
  <fieldset disabled><legend>l <input name=g1 value=1></legend><input name=g2 value=1><legend><input name=g3></legend>
    <fieldset><legend><input name=g4></legend></fieldset></fieldset>
  <fieldset><input name=g5 value=1></fieldset>
  <template><input name=h2></template>
  <button name=b1 type=button value=1>x</button><input type=reset name=b2><input type=button name=b3 value=1>
  <button name=b4 disabled value=1>x</button>
  <input type=hidden name=_charset_ value=x><input type=hidden name=_Charset_>
  <input type=file name=file><input type=file name=files multiple>
  <input type=submit name=go><input type=submit name=go value=again><input type=image name=pic>
  <output name=out>x</output><meter value=1></meter><object name=obj></object>
</form>
<input form=f name=outside value=1><input form=g name=foreign value=1>
<p><select form=f name=last><option>z</select></p>
"##;

/// What the page above has no room for.
const LESS_COMMON: &str = r#"
<form novalidate action=/sent method=post>
  <input name="a&#13;b&#10;c" value=1><input name=list list=l><datalist id=l><option value=no><input name=no value=1></datalist>
  <textarea name=t1>a&#13;b&#13;&#10;c&#10;</textarea><textarea name=t2 wrap=hard cols=200>a b</textarea>
  <textarea name=t3 readonly>x</textarea><textarea name="">x</textarea>
  <select name=s1><option>a<script>b</script>c</option></select>
  <select name=s2><option>&nbsp;a&#12;b </option></select><select name=s3><option label=shown></select>
  <select name=s4><option value="a&#10;b"></select><select name=s5 multiple disabled><option selected>a</select>
  <select name=s6 multiple><optgroup disabled><option selected>a</optgroup><optgroup><option selected>b<option selected>b</select>
  <select name=s7 size=2><option selected>a<option selected>b</select><select name=s8 size=-1><option>a</select>
  <select name=s9><option value="">choose<option>a</select>
  <input type=checkbox name=k value="a&#10;b" checked><input type=checkbox name=k checked><input type=checkbox checked value=1>
  <input type=checkbox name=x checked readonly><input type="CHECKBOX" name=y checked=false><input type=" radio" name=z checked>
  <input type=hidden name=h1><input type=hidden name=h2 disabled value=1><input type=hidden name=h3 value=" x ">
  <input type=text name=_charset_ value=x><input name=isindex value=1>
  <fieldset disabled><div><legend><input name=g1></legend></div><legend><legend><input name=g2></legend></legend></fieldset>
  <fieldset disabled><p><fieldset><input name=g3></fieldset></p></fieldset>
  <div hidden><input name=hidden value=1></div><dialog><input name=dialog value=1></dialog><details><input name=details value=1></details>
  <svg><input name=svg value=1></svg><noscript><input name=noscript value=1></noscript>
  <input type=image name=never><button name=go value="a&#10;b">x</button>
</form>"#;

/// Radio buttons are exclusive within their form.
const TWO_GROUPS: &str = r"
<form id=one action=/sent><input type=radio name=r value=1 checked><input type=radio name=R value=2 checked>
  <input type=radio name=r value=3 form=two checked></form>
<form id=two action=/no></form><input type=radio name=r value=4 checked>
<input type=radio name=q value=5 form=one checked><input type=radio name=q value=6 form=one>";

/// What people type into fields of each kind.
const TYPING: &str = r"
const e = document.forms[0].elements;
e.a.value = ' abc '; e.b.value = '\r\n a\r\rb\n'; e.c.value = ' a@b '; e.d.value = '1.50'; e.e.value = '2026-11-22';
e.f.value = '#AABBCC'; e.g.value = '7'; e.h.value = ' p ';";

/// What people do to fields.
const FILLED_IN: &str = r#"
<form method=post action=/sent>
  <input name=title value=old><textarea name=body>old</textarea><input type=hidden name=token value=1>
  <select name=country><option value=pl>Poland<option value=de>Germany</select>
  <select name=tags multiple><option>a<option selected>b<option>c</select>
  <input type=hidden name=remember value=0><input type=checkbox name=remember value=1>
  <input type=checkbox name=news checked><input type=checkbox name=colour value=red><input type=checkbox name=colour value=blue>
  <input type=radio name=size value=s checked><input type=radio name=size value=l>
  <input name=line><input name=same value=1><input name=same value=2>
  <button>Save</button>
</form>"#;

const FILLING: &str = r"
const f = document.forms[0].elements;
f.title.value = 'nowy tytuł & co'; f.body.value = 'one\ntwo\r\nthree\rfour'; f.country.value = 'de';
for (const o of f.tags.options) o.selected = 'ac'.includes(o.value);
f.remember[1].checked = true; f.news.checked = false; f.colour[1].checked = true; f.size[1].checked = true;
f.line.value = 'a\nb'; f.same[0].value = 'x'; f.same[1].value = 'y';";

/// Files for two fields.
const FILES: &str = r#"
const give = (field, ...files) => { const d = new DataTransfer(); files.forEach(f => d.items.add(f)); field.files = d.files; };
const e = document.forms[0].elements;
give(e.f, new File(['one\ntwo\r\nł'], 'a "b"\n ł.txt', { type: 'text/plain' }));
give(e.g, new File(['x'], 'x.png', { type: 'image/png' }), new File([''], 'empty', {}));"#;

const FILE_FIELDS: &str = r#"{ f: { file: text, type: text/plain, filename: "a \"b\"\n ł.txt" }, g: [{ file: x.png }, { file: empty }] }"#;

#[rustfmt::skip]
pub const CASES: &[Case] = &[
    Case { name: "every control", page: EVERY_CONTROL, ..PLAIN },
    Case { name: "every control as a query", page: "<base href=/base/><form action='sent?gone=1#x'><input name=a value='x y&#10;z'><textarea name=t>\n\nx</textarea><input type=file name=f><input type=submit></form>", ..PLAIN },
    Case { name: "a query of nothing", page: "<form action='/sent?gone=1'></form>", ..PLAIN },
    Case { name: "parts", page: "<form method=post enctype=multipart/form-data action=/sent><input name='a\"b&#10;c' value='x\"&#10;y'><input type=hidden name=h value='x&#10;y'><textarea name=t>\none\ntwo ł</textarea><input type=file name=f><select name=s><option>z</select><button name=go value=1>x</button></form>", ..PLAIN },
    Case { name: "parts with files", page: "<form method=post enctype=multipart/form-data action=/sent><input name=a><input type=file name=f><input type=file name=g multiple><input name=z></form>", script: FILES, fields: FILE_FIELDS, ..PLAIN },
    Case { name: "names of files", page: "<form action=/sent><input type=file name=f><input type=file name=g multiple></form>", script: FILES, fields: FILE_FIELDS, ..PLAIN },
    Case { name: "plain text", page: "<form method=post enctype=text/plain action=/sent><input name=a value='x=1&amp;ł'><textarea name=t>one\ntwo</textarea><input type=file name=f><button>x</button></form>", ..PLAIN },
    Case { name: "another button", page: "<form action=/no><input name=a value=1><button name=b value=1>x</button><button class=other name=b value=2 formaction=/sent formmethod=post formenctype=multipart/form-data>y</button></form>", button: Some(".other"), ..PLAIN },
    Case { name: "a picture", page: "<form action=/sent><input type=image name=pic><input name=a><input type=submit name=s></form>", ..PLAIN },
    Case { name: "a picture without a name", page: "<form action=/sent><input type=image></form>", ..PLAIN },
    Case { name: "a button elsewhere", page: "<button form=f name=b value=1 id=b>x</button><form id=f action=/sent><input name=a></form>", button: Some("#b"), ..PLAIN },
    Case { name: "no action", page: "<form method=post><input name=a></form>", ..PLAIN },
    Case { name: "an unknown method and encoding", page: "<form method=put enctype=x action=/sent><input name=a></form>", ..PLAIN },
    Case { name: "an unknown encoding", page: "<form method=POST enctype=x action=/sent><input name=a value=1></form>", ..PLAIN },
    Case { name: "Latin 2", charset: "iso-8859-2", page: "<form method=post action=/sent><input name=a value='&#321;&#8364;&amp;'><input type=hidden name=_charset_></form>", ..PLAIN },
    Case { name: "Latin 2 as a query", charset: "iso-8859-2", page: "<form action=/sent><input name='&#322;' value='&#321;&#8364;'></form>", ..PLAIN },
    Case { name: "Latin 2 in parts", charset: "iso-8859-2", page: "<form method=post enctype=multipart/form-data action=/sent><input name='&#322;' value='&#321;&#8364;'></form>", ..PLAIN },
    Case { name: "an accepted charset", charset: "iso-8859-2", page: "<form action=/sent accept-charset='x-none utf-8'><input name=a value='&#321;&#8364;'></form>", ..PLAIN },
    Case { name: "UTF-16", charset: "utf-8", page: "<form action=/sent accept-charset=utf-16le><input name=a value='&#321;'></form>", ..PLAIN },
    Case { name: "filled in", page: FILLED_IN, script: FILLING, fields: r#"{ title: 'nowy tytuł & co', body: "one\ntwo\r\nthree\rfour", country: de, tags: [c, a], remember: true, news: false, colour: blue, size: l, line: "a\nb", same: [x, y] }"#, ..PLAIN },
    Case { name: "left out", page: FILLED_IN, script: "const f = document.forms[0].elements; for (const o of f.tags.options) o.selected = false; f.news.checked = false; f.token.remove();", fields: "{ tags: [], news: null, token: null }", ..PLAIN },
    Case { name: "nested forms and ids", page: "<p id=f></p><form id=f action=/sent><form action=/no><input name=a value=1></form><input name=b form=f><input name=c form=''></form>", ..PLAIN },
    Case { name: "less common controls", page: LESS_COMMON, ..PLAIN },
    Case { name: "boxes and radio buttons of two forms", page: TWO_GROUPS, ..PLAIN },
    Case { name: "a disabled first button", page: "<form action=/sent><fieldset disabled><button name=b value=1>x</button></fieldset><button name=b value=2 hidden>y</button><button name=b value=3>z</button></form>", ..PLAIN },
    Case { name: "the second picture", page: "<form action=/no method=post><input type=image name=one value=1><input type=image name=two value=2 class=second formaction='sent?x' formmethod=post formenctype=text/plain></form>", button: Some(".second"), ..PLAIN },
    Case { name: "a button that says nothing of it", page: "<form action=/sent method=post enctype=multipart/form-data><button formmethod='' formenctype='' name=b>x</button></form>", ..PLAIN },
    Case { name: "a button that leads back", page: "<base href=/base/><form action=/no method=post><input name=a><button formaction=''>x</button></form>", ..PLAIN },
    Case { name: "a query with parts", page: "<form action='/sent#x' enctype=multipart/form-data><input name=a value=1></form>", ..PLAIN },
    Case { name: "a query alone", page: "<form action='?gone=1'><input name=a value=1></form>", ..PLAIN },
    Case { name: "a query alone, posted", page: "<form method=post action='?kept=1#x'><input name=a value=1></form>", ..PLAIN },
    Case { name: "two bases", page: "<base target=x><base href='/one/two/'><base href=/three/><form target=_self action='../sent'></form>", ..PLAIN },
    Case { name: "a base below the form", page: "<form action=sent></form><div><base href=/late/></div>", ..PLAIN },
    Case { name: "an address with gaps", page: "<form action=' /se\n\tnt/ł ä?a b '><input name=a></form>", ..PLAIN },
    Case { name: "Latin 1", charset: "iso-8859-1", page: "<form method=post action=/sent><input name=a value='&euro;&#321;&#233;'><input type=hidden name=_charset_></form>", ..PLAIN },
    Case { name: "Shift JIS", charset: "shift_jis", page: "<form method=post action=/sent><input name='&#26085;' value='&#26412;&#233;&yen;'><input type=hidden name=_charset_></form>", ..PLAIN },
    Case { name: "ISO 2022 JP", charset: "iso-2022-jp", page: "<form action=/sent><input name=a value='&#26085;a&#233;'></form>", ..PLAIN },
    Case { name: "an unknown accepted charset", charset: "iso-8859-2", page: "<form action=/sent accept-charset='utf-8,x'><input name=a value='&#321;'></form>", ..PLAIN },
    Case { name: "text as it is typed", page: "<form novalidate method=post action=/sent><input name=a maxlength=2><textarea name=b maxlength=2></textarea><input type=email name=c><input type=number name=d><input type=date name=e><input type=color name=f><input type=range name=g max=10><input type=password name=h></form>", script: TYPING, fields: r##"{ a: ' abc ', b: "\r\n a\r\rb\n", c: ' a@b ', d: '1.50', e: 2026-11-22, f: '#AABBCC', g: 7, h: ' p ' }"##, ..PLAIN },
];
