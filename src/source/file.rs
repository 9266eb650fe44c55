//! Reading files, and keeping all those that belong to one plan.

use std::{
    collections::BTreeMap,
    error, fmt, fs,
    io::{self, Read as _},
    path::{Component, Path, PathBuf},
    sync::OnceLock,
};

use super::{DataFile, FileId, Span};

/// The largest plan that is read, in bytes.
///
/// A plan is written by hand; 1 MiB is some twenty thousand lines. The limit is
/// here so that `plan validate huge.csv` ends with a sentence and not with swap.
pub const MAX_SOURCE_BYTES: u64 = 1 << 20;

/// The largest file that is read as a text, in bytes.
pub const MAX_DATA_BYTES: u64 = 256 << 20;

/// The largest file that a request sends, in bytes. It stays in memory, once for all.
pub const MAX_SENT_BYTES: u64 = 64 << 20;

/// The spelling of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Yaml,
    Toml,
}

impl Format {
    /// By the ending of a file's name.
    pub fn of(path: &Path) -> Option<Format> {
        match path.extension()?.to_str()? {
            "yaml" | "yml" => Some(Format::Yaml),
            "toml" => Some(Format::Toml),
            _ => None,
        }
    }
}

/// A file that was read: its text, and what to call it.
#[derive(Clone, Debug)]
pub struct Source {
    pub path: PathBuf,
    pub format: Format,
    pub text: String,
}

/// Reads a plan file.
///
/// # Errors
///
/// See [`ReadError`]. Mistakes *in* the text are not errors but diagnostics of
/// later doors.
pub fn read(path: &Path) -> Result<Source, ReadError> {
    let format = Format::of(path).ok_or_else(|| ReadError::UnknownFormat { path: path.into() })?;
    let bytes = read_bytes(path, MAX_SOURCE_BYTES)?;
    let text = into_text(path, bytes)?;
    Ok(Source {
        path: path.into(),
        format,
        text,
    })
}

/// Reads a plan from anywhere, and calls it `name`.
///
/// # Errors
///
/// As of [`read`].
pub fn read_from(from: impl io::Read, name: &Path, format: Format) -> Result<Source, ReadError> {
    let bytes = bytes_of(from, name, MAX_SOURCE_BYTES)?;
    let text = into_text(name, bytes)?;
    Ok(Source {
        path: name.into(),
        format,
        text,
    })
}

fn read_bytes(path: &Path, limit_bytes: u64) -> Result<Vec<u8>, ReadError> {
    let file = fs::File::open(path).map_err(|source| ReadError::Io {
        path: path.into(),
        source,
    })?;
    bytes_of(file, path, limit_bytes)
}

fn bytes_of(from: impl io::Read, path: &Path, limit_bytes: u64) -> Result<Vec<u8>, ReadError> {
    let io = |source| ReadError::Io {
        path: path.into(),
        source,
    };
    let mut bytes = Vec::new();
    // One byte more than the limit: pipes and /proc do not tell their size beforehand.
    from.take(limit_bytes + 1)
        .read_to_end(&mut bytes)
        .map_err(io)?;
    if bytes.len() as u64 > limit_bytes {
        return Err(ReadError::TooLarge {
            path: path.into(),
            limit_bytes,
        });
    }
    Ok(bytes)
}

fn into_text(path: &Path, mut bytes: Vec<u8>) -> Result<String, ReadError> {
    // A byte order mark says nothing that we do not know, and would shift columns.
    if bytes.starts_with(b"\xEF\xBB\xBF") {
        bytes.drain(..3);
    }
    if is_utf16(&bytes) {
        return Err(ReadError::Utf16 { path: path.into() });
    }
    String::from_utf8(bytes).map_err(|error| {
        let bytes = error.as_bytes();
        let path = path.into();
        if bytes.contains(&0) {
            return ReadError::Binary { path };
        }
        let good = &bytes[..error.utf8_error().valid_up_to()];
        let line = 1 + good.iter().filter(|byte| **byte == b'\n').count();
        ReadError::NotUtf8 { path, line }
    })
}

/// Whether a text is UTF-16, by its mark or by the zeros that Latin letters have.
fn is_utf16(bytes: &[u8]) -> bool {
    match bytes {
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => true,
        [first, second, ..] => (*first == 0) != (*second == 0),
        [] | [_] => false,
    }
}

/// All files of one plan, each with its id.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<Source>,
    /// Of each file where its lines begin, in bytes; worked out when first asked.
    lines: Vec<OnceLock<Box<[usize]>>>,
    replaced: Vec<Replaced>,
}

/// A place where something else is read than what stands there.
#[derive(Clone, Debug)]
pub struct Replaced {
    pub span: Span,
    /// Whether all of it is replaced, or something is added to what stands there.
    pub with: With,
    /// What says so: `--set load.users`. Not the value, which may be a password.
    pub by: String,
}

/// How something is replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum With {
    Another,
    More,
}

impl Sources {
    /// A collection that begins with the root plan, which gets `FileId(0)`.
    pub fn new(root: Source) -> Sources {
        Sources {
            files: vec![root],
            lines: vec![OnceLock::new()],
            replaced: Vec::new(),
        }
    }

    /// Adds an included file.
    ///
    /// # Panics
    ///
    /// Beyond 65,535 files; readers stop including long before.
    pub fn add(&mut self, source: Source) -> FileId {
        let id = u16::try_from(self.files.len()).expect("includes are bounded");
        self.files.push(source);
        self.lines.push(OnceLock::new());
        FileId(id)
    }

    /// From here on it is known that places are not read as they stand there.
    pub fn replace(&mut self, replaced: impl IntoIterator<Item = Replaced>) {
        self.replaced.extend(replaced);
    }

    /// What says what is read at a place, if that is not the file.
    pub fn said_by(&self, span: Span) -> Option<&str> {
        let said = self.replaced.iter().rev().find(|replaced| {
            let whole = replaced.span;
            let inside =
                whole.file == span.file && whole.start <= span.start && span.end <= whole.end;
            match replaced.with {
                With::Another => inside,
                With::More => whole == span,
            }
        });
        said.map(|replaced| replaced.by.as_str())
    }

    pub fn get(&self, id: FileId) -> &Source {
        &self.files[usize::from(id.0)]
    }

    /// The root plan.
    pub fn root(&self) -> &Source {
        &self.files[0]
    }

    pub fn iter(&self) -> impl Iterator<Item = (FileId, &Source)> {
        (0..).map(FileId).zip(&self.files)
    }

    /// The file that `from` calls `relative`, as the root plan would call it.
    pub fn named_from_root(&self, from: FileId, relative: &str) -> PathBuf {
        let named = beside(&self.get(from).path, relative);
        let folder = tidy(self.root().path.parent().unwrap_or(Path::new("")));
        match named.strip_prefix(&folder) {
            Ok(inside) => inside.to_owned(),
            Err(_) => named,
        }
    }

    /// The text that a span covers.
    pub fn slice(&self, span: Span) -> &str {
        &self.get(span.file).text[span.range()]
    }

    /// Line and column of a span's start, both from 1, the column in characters.
    pub fn line_and_column(&self, span: Span) -> (usize, usize) {
        let (text, at) = (&self.get(span.file).text, span.range().start);
        let begins = self.lines[usize::from(span.file.0)].get_or_init(|| {
            let after = text.match_indices('\n').map(|(newline, _)| newline + 1);
            std::iter::once(0).chain(after).collect()
        });
        let line = begins.partition_point(|begin| *begin <= at);
        let before = &text[begins[line - 1]..at];
        (line, before.chars().count() + 1)
    }
}

/// Finds the files that a plan names: includes and data.
///
/// Paths are relative to the file that names them. A loader never leaves the
/// folder of the root plan, so that a plan in a pull request cannot read, or
/// show in a diagnostic, other files of the machine that checks it.
pub trait Loader {
    /// Reads the plan file that `from` names as `relative`.
    ///
    /// # Errors
    ///
    /// See [`ReadError`].
    fn plan(&mut self, from: &Path, relative: &str) -> Result<Source, ReadError>;

    /// Reads the data file that `from` names as `relative`, as text.
    ///
    /// # Errors
    ///
    /// See [`ReadError`].
    fn data(&mut self, from: &Path, relative: &str) -> Result<String, ReadError>;

    /// Reads the file that `from` names as `relative`, as it is, to send it.
    ///
    /// # Errors
    ///
    /// See [`ReadError`].
    fn bytes(&mut self, from: &Path, relative: &str) -> Result<Vec<u8>, ReadError>;

    /// Opens the data file that `from` names as `relative`, to read rows from it:
    /// its bytes are looked at by whoever reads them.
    ///
    /// # Errors
    ///
    /// See [`ReadError`].
    fn rows(&mut self, from: &Path, relative: &str) -> Result<DataFile, ReadError>;
}

/// Loads from the file system, below the folder of the root plan.
#[derive(Clone, Debug)]
pub struct FolderLoader {
    folder: PathBuf,
}

impl FolderLoader {
    /// A loader for the plan at `root`.
    pub fn beside(root: &Path) -> FolderLoader {
        let folder = match root.parent() {
            Some(folder) if folder != Path::new("") => folder.into(),
            Some(_) | None => PathBuf::from("."),
        };
        FolderLoader { folder }
    }

    fn resolve(&self, from: &Path, relative: &str) -> Result<PathBuf, ReadError> {
        let named = beside(from, relative);
        let outside = || ReadError::Outside {
            path: named.clone(),
            folder: self.folder.clone(),
        };
        if Path::new(relative).is_absolute() {
            return Err(outside());
        }
        let io = |source| ReadError::Io {
            path: named.clone(),
            source,
        };
        // Canonical on both sides: a symbolic link must not lead out either. What
        // does not exist has no canonical form, and is judged by its name alone.
        let folder = fs::canonicalize(&self.folder).map_err(io)?;
        match fs::canonicalize(&named) {
            Ok(real) if real.starts_with(&folder) => Ok(named),
            Ok(_) => Err(outside()),
            Err(_) if leads_out(&self.folder, &named) => Err(outside()),
            Err(error) => Err(io(error)),
        }
    }
}

/// The path that `from` means by `relative`.
fn beside(from: &Path, relative: &str) -> PathBuf {
    tidy(&from.parent().unwrap_or(Path::new("")).join(relative))
}

/// A path without `a/..` and `.`, by name only: two of the same file are equal.
pub fn tidy(path: &Path) -> PathBuf {
    let mut tidied = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir
                if matches!(tidied.components().next_back(), Some(Component::Normal(_))) =>
            {
                tidied.pop();
            }
            Component::ParentDir
            | Component::Prefix(_)
            | Component::RootDir
            | Component::Normal(_) => {
                tidied.push(part);
            }
        }
    }
    tidied
}

fn leads_out(folder: &Path, named: &Path) -> bool {
    let folder = tidy(folder);
    !named.starts_with(&folder)
        || tidy(named.strip_prefix(&folder).unwrap_or(named)).starts_with("..")
}

impl Loader for FolderLoader {
    fn plan(&mut self, from: &Path, relative: &str) -> Result<Source, ReadError> {
        read(&self.resolve(from, relative)?)
    }

    fn data(&mut self, from: &Path, relative: &str) -> Result<String, ReadError> {
        let path = self.resolve(from, relative)?;
        let bytes = read_bytes(&path, MAX_DATA_BYTES)?;
        into_text(&path, bytes)
    }

    fn bytes(&mut self, from: &Path, relative: &str) -> Result<Vec<u8>, ReadError> {
        read_bytes(&self.resolve(from, relative)?, MAX_SENT_BYTES)
    }

    fn rows(&mut self, from: &Path, relative: &str) -> Result<DataFile, ReadError> {
        DataFile::open(&self.resolve(from, relative)?)
    }
}

/// Loads from memory: for tests, and for programs that make plans.
#[derive(Clone, Debug, Default)]
pub struct MemoryLoader {
    files: BTreeMap<PathBuf, String>,
}

impl MemoryLoader {
    pub fn new() -> MemoryLoader {
        MemoryLoader::default()
    }

    /// Adds a file.
    #[must_use]
    pub fn with(mut self, path: &str, text: &str) -> MemoryLoader {
        self.files.insert(tidy(Path::new(path)), text.to_owned());
        self
    }
}

impl Loader for MemoryLoader {
    fn plan(&mut self, from: &Path, relative: &str) -> Result<Source, ReadError> {
        let path = beside(from, relative);
        let format =
            Format::of(&path).ok_or_else(|| ReadError::UnknownFormat { path: path.clone() })?;
        let text = self.data(from, relative)?;
        Ok(Source { path, format, text })
    }

    fn data(&mut self, from: &Path, relative: &str) -> Result<String, ReadError> {
        let path = beside(from, relative);
        self.files.get(&path).cloned().ok_or_else(|| ReadError::Io {
            path,
            source: io::ErrorKind::NotFound.into(),
        })
    }

    fn bytes(&mut self, from: &Path, relative: &str) -> Result<Vec<u8>, ReadError> {
        self.data(from, relative).map(String::into_bytes)
    }

    fn rows(&mut self, from: &Path, relative: &str) -> Result<DataFile, ReadError> {
        let text = self.data(from, relative)?;
        Ok(DataFile::in_memory(text.into_bytes()))
    }
}

/// Why a file could not be read.
///
/// Mistakes *in* a readable plan are not errors but [`Diagnostic`]s, and all of
/// them are reported at once. This type is for what stops us before there is
/// any text to point at.
///
/// [`Diagnostic`]: crate::source::Diagnostic
#[derive(Debug)]
pub enum ReadError {
    /// The file system said no.
    Io { path: PathBuf, source: io::Error },
    /// The file has more bytes than are read.
    TooLarge { path: PathBuf, limit_bytes: u64 },
    /// The bytes are not UTF-8; `line` is the first where they are not, from 1.
    NotUtf8 { path: PathBuf, line: usize },
    /// The text is UTF-16, as some editors save it.
    Utf16 { path: PathBuf },
    /// The bytes are no text at all.
    Binary { path: PathBuf },
    /// The name ends neither in `.yaml`, `.yml` nor `.toml`.
    UnknownFormat { path: PathBuf },
    /// A plan names a file above its own folder.
    Outside { path: PathBuf, folder: PathBuf },
}

impl fmt::Display for ReadError {
    // Lowercase, no full stop: the text stands after "cannot read ".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // The cause is printed by whoever walks `source()`.
            ReadError::Io { path, .. } => write!(f, "`{}`", path.display()),
            ReadError::TooLarge { path, limit_bytes } => write!(
                f,
                "`{}`: it has more than {limit_bytes} bytes (is it a data file?)",
                path.display(),
            ),
            ReadError::NotUtf8 { path, line } => write!(
                f,
                "`{}`: line {line} is not UTF-8 (save the file as UTF-8)",
                path.display(),
            ),
            ReadError::Utf16 { path } => write!(
                f,
                "`{}`: it is UTF-16 (save the file as UTF-8)",
                path.display(),
            ),
            ReadError::Binary { path } => {
                write!(f, "`{}`: it is not a text file", path.display())
            }
            ReadError::UnknownFormat { path } => write!(
                f,
                "`{}`: its name has no known ending; use .yaml, .yml or .toml",
                path.display(),
            ),
            ReadError::Outside { path, folder } => write!(
                f,
                "`{}`: a plan reads only files below its own folder `{}`",
                path.display(),
                folder.display(),
            ),
        }
    }
}

impl error::Error for ReadError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            ReadError::Io { source, .. } => Some(source),
            ReadError::TooLarge { .. }
            | ReadError::NotUtf8 { .. }
            | ReadError::Utf16 { .. }
            | ReadError::Binary { .. }
            | ReadError::UnknownFormat { .. }
            | ReadError::Outside { .. } => None,
        }
    }
}
