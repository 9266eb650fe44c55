//! A long run takes little, and what was short in it is still seen.

use super::{Folder, json};

/// Three hours with ten names, each asked some times a minute.
const PLAN: &str = "
plan: 1
name: long
users: { visitor: { wait: 100ms, sequence: [look] } }
tasks:
  look:
    - for: n
      in: 'range(10)'
      do: [{ get: '/{{ n }}', name: 'page {{ n }}' }, wait]
load: { users: 2, duration: 3h }
";

#[test]
fn three_hours_are_small() {
    let folder = Folder::new().file("plan.yaml", PLAN);
    let ended = folder.plan(&["simulate", "plan.yaml", "-q", "--out", "kept"]);
    assert_eq!(ended.code, Some(0), "{}{}", ended.stdout, ended.stderr);
    let mut sizes = std::collections::BTreeMap::<String, u64>::new();
    for entry in std::fs::read_dir(folder.path("kept")).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let kind = name.split(['-', '.']).next().unwrap().to_owned();
        *sizes.entry(kind).or_default() += entry.metadata().unwrap().len();
    }
    // 180 minutes with ten names each: within what the sum for 72 hours allows.
    assert!(sizes["minutes"] < 180 * 10 * 450, "{sizes:?}");
    assert!(sizes["tens"] < 780 * 10 * 600, "{sizes:?}");
    assert!(sizes["seconds"] < 660 * 10 * 600, "{sizes:?}");
    assert_eq!(
        json(&folder.text("kept/report.json"))["extent"]["kind"],
        "whole"
    );
}
