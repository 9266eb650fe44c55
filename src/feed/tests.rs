//! Tables as they are read, and rows as they are dealt.

use super::*;
use crate::{
    base::dealing::{AtEnd, Order, SharedBy},
    source::DataFile,
};

fn read(text: impl AsRef<[u8]>, written: Written) -> Result<Table, Vec<FeedError>> {
    Table::read(DataFile::in_memory(text.as_ref()), written)
}

fn csv(text: impl AsRef<[u8]>) -> Result<Table, Vec<FeedError>> {
    read(text, Written::Csv { delimiter: b',' })
}

/// A table as text: its columns, then its rows; `-` where there is no value.
fn shown(table: &Table) -> Vec<String> {
    let columns = table.columns().iter().map(|column| &*column.name);
    let mut lines = vec![columns.collect::<Vec<_>>().join("|")];
    for row in 0..table.rows() {
        let cells = table.cells(row).unwrap();
        let cells = cells.iter().map(|cell| match cell {
            None => "-".to_owned(),
            Some(Value::Text(text)) => text.to_string(),
            Some(other) => format!("{other:?}"),
        });
        lines.push(cells.collect::<Vec<_>>().join("|"));
    }
    lines
}

/// What is wrong with a file, with the help behind a dash.
fn told(read: Result<Table, Vec<FeedError>>) -> Vec<String> {
    let errors = read.expect_err("it has mistakes");
    let told = errors.iter().map(|error| match &error.help {
        None => error.to_string(),
        Some(help) => format!("{error} – {help}"),
    });
    told.collect()
}

#[test]
fn csv_is_read_as_it_is_written() {
    let text = "\u{feff}email, name \r\na@x.org,\"Kowalska, \"\"Ala\"\"\"\r\n\r\nb@x.org,\"two\r\nlines\"\r\n007,";
    let table = csv(text).unwrap();
    let expected = [
        "email|name",
        "a@x.org|Kowalska, \"Ala\"",
        "b@x.org|two\r\nlines",
        "007|",
    ];
    assert_eq!(shown(&table), expected);
}

#[test]
fn other_signs_can_separate_values() {
    let table = read("a;b\n1,5;\"x;y\"\n", Written::Csv { delimiter: b';' }).unwrap();
    assert_eq!(shown(&table), ["a|b", "1,5|x;y"]);
    let table = read("a\tb\n1\t2\n", Written::Csv { delimiter: b'\t' }).unwrap();
    assert_eq!(shown(&table), ["a|b", "1|2"]);
}

#[test]
#[rustfmt::skip]
fn what_is_no_csv_is_told_with_its_line() {
    const UNCLOSED: &str = "a quotation mark is not closed – one inside a value is written twice, and the value stands in quotes";
    const FEW: &str = "an empty value is nothing between two delimiters";
    const MANY: &str = "a value with a delimiter in it stands in double quotes: \"Kowalska, Anna\"";
    let rows: [(&[u8], &[&str]); 14] = [
        (b"",                     &["line 1: the file is empty; its first line has to name the columns"]),
        (b"\n\n",                 &["line 1: the file is empty; its first line has to name the columns"]),
        (b"a,b\n",                &["line 2: there is no row below the names of the columns"]),
        (b"a,b\n1,2\n3\n",        &[&format!("line 3: 1 value for 2 columns – {FEW}")]),
        (b"a,b\r\n\"1\n1\",2\r\n3,4,5\r\n", &[&format!("line 4: 3 values for 2 columns – {MANY}")]),
        (b"a,b\n1\n2,3\n4\n",     &[&format!("line 2: 1 value for 2 columns – {FEW}"), &format!("line 4: 1 value for 2 columns – {FEW}")]),
        (b"a,,c\n1,2,3\n",        &["line 1: column 2 has no name – the first line names the columns"]),
        (b"a,b, a\n1,2,3\n",      &["line 1: two columns are named `a` – give one of them another name"]),
        (b"a\n\"1\n2\n3\n",       &[&format!("line 2: {UNCLOSED}")]),
        (b"a,b\n1,2\n\"3,4\n5,6\n", &[&format!("line 3: {UNCLOSED}")]),
        (b"a,b\n1,\xff\n\xc3,2\n", &["line 2: the value of column 2 is not UTF-8 – save the file as UTF-8", "line 3: the value of column 1 is not UTF-8 – save the file as UTF-8"]),
        (b"a;b\n1;2\n",           &["line 1: there is one column by `,`, and `;` in its name – if that separates the columns, write `delimiter: ';'`"]),
        (b"a\tb\n1\t2\n",         &["line 1: there is one column by `,`, and a tab in its name – if that separates the columns, write `delimiter: tab`"]),
        (b"\xff\xfea\0",          &["it is UTF-16 – save the file as UTF-8"]),
    ];
    for (text, expected) in rows {
        assert_eq!(told(csv(text)), expected, "{:?}", String::from_utf8_lossy(text));
    }
}

#[test]
fn five_mistakes_are_enough() {
    let text = format!("a,b\n{}", "1\n".repeat(9));
    let told = told(csv(text));
    assert_eq!(told.len(), 6);
    assert_eq!(told[5], "and 4 mistakes more");
}

#[test]
fn a_row_has_an_end() {
    let long = format!("a,b\n1,\"{}\n", "x".repeat(2 << 20));
    assert_eq!(
        told(csv(&long)),
        [
            "line 2: the row is longer than 1 MiB – a quotation mark may not be closed; one inside a \
             value is written twice"
        ]
    );
    let long = format!("{{\"a\":1}}\n{{\"a\":\"{}\"}}", "x".repeat(2 << 20));
    assert_eq!(
        told(read(long, Written::JsonLines)),
        ["line 2: the row is longer than 1 MiB"]
    );
}

#[test]
fn json_keeps_its_types() {
    let list =
        r#"[{"n": 1, "f": 0.5, "t": "007", "no": null}, {"n": 18446744073709551615, "l": [true]}]"#;
    let table = read(list, Written::Json).unwrap();
    let expected = [
        "n|f|t|no|l",
        "Int(1)|Float(0.5)|007|Null|-",
        "18446744073709551615|-|-|-|List([Bool(true)])",
    ];
    assert_eq!(shown(&table), expected);
    let lacking = table.columns().iter().map(|column| column.lacking);
    let second = Some(RowPlace::Row(2));
    assert!(lacking.eq([None, second, second, second, Some(RowPlace::Row(1))]));

    let lines = "\u{feff}{\"n\": 1}\r\n\n{\"n\": 2, \"m\": {\"x\": \"y\"}}";
    let table = read(lines, Written::JsonLines).unwrap();
    let map = "Map([(\"x\", Text(\"y\"))])";
    assert_eq!(shown(&table), ["n|m", "Int(1)|-", &format!("Int(2)|{map}")]);
    assert_eq!(table.columns()[1].lacking, Some(RowPlace::Line(1)));
}

#[test]
#[rustfmt::skip]
fn what_is_no_json_is_told_with_its_place() {
    let rows: [(&str, &[&str]); 9] = [
        ("",                       &["line 1: it does not begin as a list of objects – a JSON file is a list of objects: [{ \"name\": \"ada\" }]"]),
        ("{\"a\": 1}\n{\"a\": 2}", &["line 1: it does not begin as a list of objects – if there is an object on each line, name the file as `jsonl`"]),
        ("[]",                     &["there is no row with a value in it – a row is an object: { \"name\": \"ada\" }"]),
        ("[{}]",                   &["there is no row with a value in it – a row is an object: { \"name\": \"ada\" }"]),
        ("[{\"a\": 1},\n {\"a\": }]", &["line 2, column 8: it is not JSON: expected value"]),
        ("[{\"a\": 1}",            &["line 1, column 9: it is not JSON: EOF while parsing a list"]),
        ("[{\"a\": 1}, 7, \"x\", [], null, true]", &[
            "row 2: a row is an object, and this is a number", "row 3: a row is an object, and this is a text",
            "row 4: a row is an object, and this is a list", "row 5: a row is an object, and this is null",
            "row 6: a row is an object, and this is true or false"]),
        ("[{\"a\": 1, \"a\": 2}]", &["row 1: `a` is there twice"]),
        ("[{\"a\": {\"b\": 1, \"b\": 2}}]", &["line 1, column 23: `b` is there twice"]),
    ];
    for (text, expected) in rows {
        assert_eq!(told(read(text, Written::Json)), expected, "{text:?}");
    }
    let rows: [(&str, &[&str]); 4] = [
        ("",                       &["line 1: there is no row with a value in it – a row is an object on a line: { \"name\": \"ada\" }"]),
        ("{\"a\": 1}\n{\"a\": }\n7\n", &["line 2, column 7: it is not JSON: expected value", "line 3: a row is an object, and this is a number"]),
        ("[{\"a\": 1}]",           &["line 1: a row is an object, and this is a list"]),
        ("{\"a\": 1} {\"a\": 2}",  &["line 1, column 10: it is not JSON: trailing characters"]),
    ];
    for (text, expected) in rows {
        assert_eq!(told(read(text, Written::JsonLines)), expected, "{text:?}");
    }
}

/// A feed of rows that hold their own numbers.
fn feed(rows: usize, order: Order, shared_by: SharedBy, at_end: AtEnd) -> Feed {
    let rows = (0..rows).map(|row| vec![("n".into(), Value::Int(row as i64))]);
    let table = Table::of(rows.collect()).unwrap();
    let dealing = Dealing {
        order,
        shared_by,
        at_end,
    };
    Feed::new("numbers", table, dealing)
}

fn who(rank: u32, of: u32) -> Drawer {
    Drawer {
        user: u64::from(rank) + 1,
        rank,
        of,
    }
}

#[test]
#[rustfmt::skip]
fn rows_are_dealt_in_order() {
    use AtEnd::{Fail, StopRun, StopUser, Wrap};
    use SharedBy::{Run, User};
    //  rank  users draw shared at_end    row
    let rows = [
        (0,   2,    0,   Run,   Wrap,     Some(0)),
        (1,   2,    0,   Run,   Wrap,     Some(1)),
        (0,   2,    1,   Run,   Wrap,     Some(2)),
        (1,   2,    1,   Run,   Wrap,     Some(3)),
        (0,   2,    2,   Run,   Wrap,     Some(4)),
        (1,   2,    2,   Run,   Wrap,     Some(0)),
        (6,   7,    0,   Run,   Wrap,     Some(1)),
        (3,   1,    0,   Run,   Wrap,     Some(3)),
        (u32::MAX, u32::MAX, u64::MAX, Run, Wrap, Some(0)),
        (0,   2,    2,   Run,   StopUser, Some(4)),
        (1,   2,    2,   Run,   StopUser, None),
        (1,   2,    2,   Run,   StopRun,  None),
        (1,   2,    2,   Run,   Fail,     None),
        (1,   2,    4,   User,  Fail,     Some(4)),
        (1,   2,    5,   User,  Fail,     None),
        (1,   2,    5,   User,  Wrap,     Some(0)),
    ];
    for (rank, of, draw, shared, at_end, row) in rows {
        let feed = feed(5, Order::Sequential, shared, at_end);
        let who = who(rank, of);
        assert_eq!(feed.row(1, who, draw), row, "{rank} of {of}, draw {draw}, {at_end:?}");
        assert_eq!(feed.is_over(who, draw), row.is_none(), "{rank} of {of}, draw {draw}");
        let drawn = feed.draw(1, who, draw);
        let expected = row.map(|row| Some(Value::Int(row as i64)));
        assert_eq!(drawn.ok().map(|cells| cells[0].clone()), expected);
    }
}

/// Whatever the order: all users together draw each row once, and no row beyond.
#[test]
fn whoever_draws_to_the_end_draws_each_row_once() {
    for order in [Order::Sequential, Order::Shuffled] {
        for (rows, users) in [(5_000, 7), (10, 10), (3, 5), (1, 1)] {
            let feed = feed(rows, order, SharedBy::Run, AtEnd::StopUser);
            let of_user = |rank| (0..).map_while(move |draw| Some((rank, draw)));
            let mut drawn: Vec<u64> = (0..users)
                .flat_map(|rank| {
                    of_user(rank).map_while(|(rank, draw)| feed.row(3, who(rank, users), draw))
                })
                .collect();
            drawn.sort_unstable();
            assert!(
                drawn.into_iter().eq(0..rows as u64),
                "{order:?} {rows} {users}"
            );
        }
    }
}

#[test]
fn shuffled_rows_are_mixed_anew_for_each_pass_and_alike_for_each_seed() {
    let pass = |feed: &Feed, seed, who, pass: u64| -> Vec<u64> {
        let draws = pass * 50..(pass + 1) * 50;
        draws
            .map(|draw| feed.row(seed, who, draw).unwrap())
            .collect()
    };
    let shared = feed(50, Order::Shuffled, SharedBy::Run, AtEnd::Wrap);
    let alone = who(0, 1);
    assert_eq!(pass(&shared, 1, alone, 0), pass(&shared, 1, alone, 0));
    assert_ne!(pass(&shared, 1, alone, 0), pass(&shared, 1, alone, 1));
    assert_ne!(pass(&shared, 1, alone, 0), pass(&shared, 2, alone, 0));

    let own = feed(50, Order::Shuffled, SharedBy::User, AtEnd::Wrap);
    let mut first = pass(&own, 1, who(0, 2), 0);
    assert_ne!(first, pass(&own, 1, who(1, 2), 0));
    first.sort_unstable();
    assert!(
        first.into_iter().eq(0..50),
        "each user goes through all rows"
    );
}

/// Chi-square with 99 degrees of freedom: 99.9 % of fair dice stay below 148.2.
#[test]
fn random_rows_are_all_equally_likely() {
    let feed = feed(100, Order::Random, SharedBy::Run, AtEnd::Wrap);
    let mut counts = [0_u32; 100];
    for rank in 0..20 {
        for draw in 0..5_000 {
            let row = feed.row(1, who(rank, 20), draw).unwrap();
            counts[usize::try_from(row).unwrap()] += 1;
        }
    }
    let square = |count: &u32| (f64::from(*count) - 1_000.0).powi(2) / 1_000.0;
    let chi_square: f64 = counts.iter().map(square).sum();
    assert!((60.0..148.2).contains(&chi_square), "{chi_square}");
}
