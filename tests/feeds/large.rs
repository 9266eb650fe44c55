//! Files that are larger than what is kept in memory.

use std::{
    env,
    fs::{self, File},
    io::{BufWriter, Write as _},
    path::Path,
    process::Command,
};

use plan::{
    base::dealing::{Dealing, Order, SharedBy},
    feed::{Drawer, Feed, Table, Written},
    source::{FolderLoader, Loader as _, MAX_KEPT_BYTES},
};

const LARGE_BYTES: u64 = 200_000_000;

/// Fills a file up to a size: `row` writes the number of a row.
fn fill(path: &Path, size_bytes: u64, head: &str, row: impl Fn(u64) -> String) -> u64 {
    let mut file = BufWriter::with_capacity(1 << 20, File::create(path).unwrap());
    file.write_all(head.as_bytes()).unwrap();
    let mut size = head.len() as u64;
    for number in 0.. {
        if size >= size_bytes {
            file.flush().unwrap();
            return number;
        }
        let row = row(number);
        file.write_all(row.as_bytes()).unwrap();
        size += row.len() as u64;
    }
    unreachable!("numbers do not end")
}

fn table(folder: &Path, name: &str, written: Written) -> Table {
    let plan = folder.join("plan.yaml");
    let file = FolderLoader::beside(&plan).rows(&plan, name).unwrap();
    assert!(!file.is_kept());
    Table::read(file, written).unwrap()
}

/// The most memory that this process has had, in bytes.
fn peak_bytes() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.unwrap().trim().trim_end_matches(" kB");
    kilobytes.parse::<u64>().unwrap() * 1024
}

/// Rows of different lengths, with line breaks and quotes in them, and lines that end
/// in either way: whichever is asked for is the one that comes.
#[test]
fn every_row_of_a_file_on_the_disk_is_the_one_that_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let filler = "x".repeat(3_000);
    let end = |number: u64| {
        if number.is_multiple_of(3) {
            "\r\n"
        } else {
            "\n"
        }
    };
    let long = |number: u64| &filler[..(number * 37 % 3_000) as usize];
    let rows = fill(
        &folder.path().join("a.csv"),
        MAX_KEPT_BYTES + 1,
        "\u{feff}n,text\r\n",
        |n| format!("{n},\"a \"\"{}\"\"\n,{}\"{}", n * 2, long(n), end(n)),
    );
    let csv = table(folder.path(), "a.csv", Written::Csv { delimiter: b',' });
    let lines = fill(
        &folder.path().join("a.jsonl"),
        MAX_KEPT_BYTES + 1,
        "\u{feff}",
        |n| {
            let blank = if n.is_multiple_of(7) { "\n" } else { "" };
            format!("{{\"n\": {n}, \"text\": \"{}\"}}{}{blank}", long(n), end(n))
        },
    );
    let jsonl = table(folder.path(), "a.jsonl", Written::JsonLines);
    assert_eq!((csv.rows(), jsonl.rows()), (rows, lines));
    let near = (0..200).chain(rows - 200..rows);
    for row in near.chain((0..rows).step_by(53)) {
        let cells = csv.cells(row).unwrap();
        let text = format!("a \"{}\"\n,{}", row * 2, long(row));
        assert_eq!(shown(cells[0].as_ref()), format!("Text(\"{row}\")"));
        assert_eq!(shown(cells[1].as_ref()), format!("Text({text:?})"));
    }
    for row in (0..lines).step_by(53).chain([lines - 1]) {
        let cells = jsonl.cells(row).unwrap();
        assert_eq!(shown(cells[0].as_ref()), format!("Int({row})"));
        assert_eq!(shown(cells[1].as_ref()), format!("Text({:?})", long(row)));
    }
}

fn shown(value: Option<&plan::base::value::Value>) -> String {
    format!("{:?}", value.unwrap())
}

/// A file that is written anew under the run is noticed, and does no harm.
#[test]
fn a_file_that_has_changed_is_noticed() {
    const WHY: &str = "the file has changed since the run began";
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv");
    let rows = fill(&path, MAX_KEPT_BYTES + 1, "n,m\n", |n| format!("{n},{n}\n"));
    let table = table(folder.path(), "a.csv", Written::Csv { delimiter: b',' });
    fs::write(&path, "n,m\n").unwrap();
    assert_eq!(&*table.cells(rows - 1).unwrap_err(), WHY);
    fill(&path, MAX_KEPT_BYTES + 1, "n\n", |n| format!("{n}\n"));
    assert_eq!(&*table.cells(rows / 2).unwrap_err(), WHY);
}

/// Uniformly random rows of 200 MB, drawn by a process that does nothing else: its
/// memory is measured as a whole.
#[test]
fn random_rows_of_200_mb_are_equally_likely_and_take_hardly_any_memory() {
    let folder = tempfile::tempdir().unwrap();
    let padding = "lorem ipsum dolor sit amet ".repeat(7);
    let path = folder.path().join("a.csv");
    let rows = fill(&path, LARGE_BYTES, "n,text\n", |n| {
        format!("{n},{padding}\n")
    });
    let drawn = Command::new(env::current_exe().unwrap())
        .args(["--exact", "large::drawn_by_a_process_of_its_own"])
        .args(["--ignored", "--nocapture"])
        .env(FOLDER, folder.path())
        .env(ROWS, rows.to_string())
        .output()
        .unwrap();
    assert!(drawn.status.success(), "{drawn:?}");
    assert!(String::from_utf8_lossy(&drawn.stdout).contains("1 passed"));
}

const FOLDER: &str = "LARGE_FOLDER";
const ROWS: &str = "LARGE_ROWS";

/// A chi-square over 100 equal parts of the file: with 99 degrees of freedom 99.9 % of
/// fair draws stay below 148.2.
#[test]
#[ignore = "run by the test above"]
fn drawn_by_a_process_of_its_own() {
    const PARTS: u64 = 100;
    const DRAWS: u64 = 10_000;
    let folder = env::var_os(FOLDER).unwrap();
    let rows: u64 = env::var(ROWS).unwrap().parse().unwrap();
    let before = peak_bytes();
    let written = Written::Csv { delimiter: b',' };
    let table = table(Path::new(&folder), "a.csv", written);
    assert_eq!(table.rows(), rows);
    let dealing = Dealing {
        order: Order::Random,
        shared_by: SharedBy::Run,
        ..Dealing::default()
    };
    let feed = Feed::new("a", table, dealing);
    let mut counts = [0_u64; PARTS as usize];
    for draw in 0..DRAWS {
        let who = Drawer {
            user: draw % 50 + 1,
            rank: (draw % 50) as u32,
            of: 50,
        };
        let cells = feed.draw(7, who, draw / 50).unwrap();
        let row = feed.row(7, who, draw / 50).unwrap();
        assert_eq!(shown(cells[0].as_ref()), format!("Text(\"{row}\")"));
        counts[(row * PARTS / rows) as usize] += 1;
    }
    let grown = peak_bytes() - before;
    assert!(grown < 8_000_000, "{grown} bytes more");
    let expected = (DRAWS / PARTS) as f64;
    let square = |count: &u64| (*count as f64 - expected).powi(2) / expected;
    let chi_square: f64 = counts.iter().map(square).sum();
    assert!((60.0..148.2).contains(&chi_square), "{chi_square}");
    println!("{grown} bytes for {LARGE_BYTES}, chi-square {chi_square}");
}
