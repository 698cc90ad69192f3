//! Reading small files below a root folder: `/`, or a captured tree.

use crate::CpuSet;
use crate::error::short;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// A root folder, and notes of what could not be read or understood below it.
pub(crate) struct Tree<'a> {
    root: &'a Path,
    pub(crate) notes: Vec<String>,
}

impl<'a> Tree<'a> {
    pub(crate) fn new(root: &'a Path) -> Self {
        Self {
            root,
            notes: Vec::new(),
        }
    }

    /// The file or folder of this name.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.root.join(name.trim_start_matches('/'))
    }

    /// The file's text without white space at its ends. A missing file is `None` in silence, one
    /// that cannot be read is `None` with a note.
    pub(crate) fn text(&mut self, name: &str) -> Option<String> {
        let path = self.path(name);
        match std::fs::read(&path) {
            Ok(bytes) => Some(String::from_utf8_lossy(&bytes).trim().to_owned()),
            Err(error)
                if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) =>
            {
                None
            }
            Err(error) => {
                self.notes.push(format!(
                    "`{}` cannot be read ({error}) and is left out",
                    path.display()
                ));
                None
            }
        }
    }

    /// The value in the file. A missing file is `None` in silence, one that holds something else is
    /// `None` with a note that says what was expected.
    pub(crate) fn value<T: FromStr>(&mut self, name: &str, expected: &str) -> Option<T> {
        let text = self.text(name)?;
        let value = text.parse().ok();
        if value.is_none() {
            self.reject(name, &text, &format!("expected {expected}"));
        }
        value
    }

    /// The cpulist in the file, as [`Tree::value`].
    pub(crate) fn list(&mut self, name: &str) -> Option<CpuSet> {
        let text = self.text(name)?;
        match text.parse() {
            Ok(list) => Some(list),
            Err(error) => {
                self.reject(name, &text, &format!("expected a processor list: {error}"));
                None
            }
        }
    }

    /// Notes that a file's content is left out.
    pub(crate) fn reject(&mut self, name: &str, content: &str, why: &str) {
        let path = self.path(name);
        self.notes.push(format!(
            "`{}` holds `{}`, which is left out: {why}",
            path.display(),
            short(content)
        ));
    }

    /// The numbers of the folders `<prefix><number>` in a folder, ascending.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub(crate) fn numbered(&self, folder: &str, prefix: &str) -> std::io::Result<CpuSet> {
        let number = |entry: std::io::Result<std::fs::DirEntry>| {
            let name = entry.ok()?.file_name();
            let digits = name.to_str()?.strip_prefix(prefix)?;
            digits.parse().ok().filter(|number| *number < CpuSet::LIMIT)
        };
        Ok(std::fs::read_dir(self.path(folder))?
            .filter_map(number)
            .collect())
    }
}
