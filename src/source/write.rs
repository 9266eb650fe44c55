//! Writing a file that somebody may need again if it goes wrong.

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

const MARK: &str = "\u{feff}";

/// Puts `text` into the file at `path`, wholly or not at all.
///
/// It is written beside the file and takes its place when it is complete. The
/// permissions stay, and a byte order mark where there was one; a symbolic link
/// stays one, and what it leads to is written.
///
/// # Errors
///
/// Of the file system; the file is then as it was.
pub fn write(path: &Path, text: &str) -> io::Result<()> {
    let path = fs::canonicalize(path)?;
    let had_mark = fs::read(&path)?.starts_with(MARK.as_bytes());
    let permissions = fs::metadata(&path)?.permissions();
    // A file that may not be written is one that its owner wants left alone.
    drop(fs::OpenOptions::new().write(true).open(&path)?);
    let beside = beside(&path);
    let written = complete(&beside, text, had_mark)
        .and_then(|()| fs::set_permissions(&beside, permissions))
        .and_then(|()| fs::rename(&beside, &path));
    if written.is_err() {
        // What is left of it is of no use; that it stays is the lesser evil.
        let _ = fs::remove_file(&beside);
    }
    written
}

fn complete(beside: &Path, text: &str, with_mark: bool) -> io::Result<()> {
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(beside)?;
    if with_mark && !text.starts_with(MARK) {
        file.write_all(MARK.as_bytes())?;
    }
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// A name in the same folder that nobody else uses.
fn beside(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{}.new", std::process::id()))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_file_keeps_its_mark_and_its_permissions() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("plan.yaml");
        fs::write(&path, "\u{feff}plan: 0\n").expect("a file");
        let mut permissions = fs::metadata(&path).expect("it exists").permissions();
        permissions.set_mode(0o640);
        fs::set_permissions(&path, permissions).expect("it is ours");
        write(&path, "plan: 1\n").expect("it can be written");
        assert_eq!(
            fs::read(&path).expect("it exists"),
            "\u{feff}plan: 1\n".as_bytes()
        );
        let kept = fs::metadata(&path).expect("it exists").permissions();
        assert_eq!(kept.mode() & 0o777, 0o640);
        assert_eq!(fs::read_dir(folder.path()).expect("it exists").count(), 1);
    }

    #[test]
    fn a_link_stays_one() {
        let folder = tempfile::tempdir().expect("a folder");
        let (real, link) = (
            folder.path().join("real.yaml"),
            folder.path().join("link.yaml"),
        );
        fs::write(&real, "plan: 0\n").expect("a file");
        std::os::unix::fs::symlink(&real, &link).expect("a link");
        write(&link, "plan: 1\n").expect("it can be written");
        assert!(fs::symlink_metadata(&link).expect("it exists").is_symlink());
        assert_eq!(fs::read_to_string(&real).expect("it exists"), "plan: 1\n");
    }
}
