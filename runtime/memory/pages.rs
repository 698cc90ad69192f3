//! Where pages are: asks the kernel, and compares with what first touch was to achieve.

use super::first_touch::Distribution;
use super::grid::Grid2;
use super::grid3::Grid3;
use super::numa_vec::NumaVec;
use std::collections::BTreeMap;
use std::fmt;

/// Memory whose pages can be asked about: slices, arrays, `Vec`, `Box<[T]>`, [`NumaVec`], [`Grid2`], [`Grid3`].
pub trait Paged {
    /// First byte, bytes, and bytes of an element.
    #[doc(hidden)]
    fn extent(&self) -> (usize, usize, usize);
    /// What placement was asked for.
    #[doc(hidden)]
    fn asked(&self) -> Option<&Distribution> {
        None
    }
}

impl<T> Paged for [T] {
    fn extent(&self) -> (usize, usize, usize) {
        (self.as_ptr().addr(), size_of_val(self), size_of::<T>())
    }
}
impl<T> Paged for Vec<T> {
    fn extent(&self) -> (usize, usize, usize) {
        self[..].extent()
    }
}
impl<T, const N: usize> Paged for [T; N] {
    fn extent(&self) -> (usize, usize, usize) {
        self[..].extent()
    }
}
impl<T> Paged for Box<[T]> {
    fn extent(&self) -> (usize, usize, usize) {
        self[..].extent()
    }
}
impl<T> Paged for NumaVec<T> {
    fn extent(&self) -> (usize, usize, usize) {
        self[..].extent()
    }
    fn asked(&self) -> Option<&Distribution> {
        self.distribution()
    }
}
impl<T> Paged for Grid2<T> {
    fn extent(&self) -> (usize, usize, usize) {
        self.as_slice().extent()
    }
    fn asked(&self) -> Option<&Distribution> {
        self.data().distribution()
    }
}
impl<T> Paged for Grid3<T> {
    fn extent(&self) -> (usize, usize, usize) {
        self.as_slice().extent()
    }
    fn asked(&self) -> Option<&Distribution> {
        self.data().distribution()
    }
}

/// The pages of one array: where they are, and how many are where they were asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PageReport {
    /// Bytes in a page.
    pub page_size: usize,
    /// Pages that hold a part of the array.
    pub pages: usize,
    /// Pages on each NUMA node, by its number in the operating system.
    pub by_node: BTreeMap<usize, usize>,
    /// Pages that no node holds: never touched, or swapped out.
    pub absent: usize,
    /// Pages on the node that first touch was to put them on.
    pub as_asked: usize,
    /// Pages on another one.
    pub elsewhere: usize,
    /// Pages for which nothing definite was asked, or nothing is known.
    pub undecided: usize,
    /// Why the kernel could not be asked, where that is so.
    pub unknown: Option<String>,
}

/// Asks the kernel where the pages of an array are (`move_pages(2)`, which moves nothing here).
///
/// A page that holds elements of several threads counts for the thread of its first byte.
///
/// ```
/// use phalanx::prelude::*;
/// let x = NumaVec::filled(Static, 1 << 20, 1.0f64);
/// let report = phalanx::pages::report(&x);
/// assert!(report.unknown.is_some() || report.pages >= 2048);
/// println!("{report}");
/// ```
pub fn report<M: Paged + ?Sized>(memory: &M) -> PageReport {
    let (start, bytes, element) = memory.extent();
    let size = page_size();
    let first = start - start % size;
    let pages = if bytes == 0 {
        0
    } else {
        (start + bytes - first).div_ceil(size)
    };
    let mut r = PageReport {
        page_size: size,
        pages,
        ..PageReport::default()
    };
    let asked = |page: usize| {
        let offset = page.max(start) - start;
        memory
            .asked()
            .and_then(|d| d.node_of(offset / element.max(1)))
    };
    const BATCH: usize = 8192;
    for batch in (0..pages).step_by(BATCH) {
        let addresses: Vec<usize> = (batch..pages.min(batch + BATCH))
            .map(|k| first + k * size)
            .collect();
        match where_are(&addresses) {
            Ok(nodes) => {
                for (&page, node) in addresses.iter().zip(nodes) {
                    r.count(node, asked(page));
                }
            }
            Err(why) => {
                r.undecided += pages - batch;
                r.unknown = Some(why);
                break;
            }
        }
    }
    r
}

impl PageReport {
    fn count(&mut self, got: Option<usize>, asked: Option<usize>) {
        match got {
            Some(node) => *self.by_node.entry(node).or_default() += 1,
            None => self.absent += 1,
        }
        match (got, asked) {
            (Some(g), Some(a)) if g == a => self.as_asked += 1,
            (Some(_), Some(_)) => self.elsewhere += 1,
            _ => self.undecided += 1,
        }
    }
}

impl fmt::Display for PageReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} pages of {} KiB", self.pages, self.page_size / 1024)?;
        if let Some(why) = &self.unknown {
            return write!(f, ", places unknown: {why}");
        }
        let percent = |n: usize| 100.0 * n as f64 / self.pages.max(1) as f64;
        for (node, &n) in &self.by_node {
            write!(f, "; node {node}: {n} ({:.0}%)", percent(n))?;
        }
        if self.absent > 0 {
            write!(
                f,
                "; not in memory: {} ({:.0}%)",
                self.absent,
                percent(self.absent)
            )?;
        }
        match self.as_asked + self.elsewhere {
            0 => write!(f, "; no placement was asked for"),
            n => write!(f, "; where asked: {} of {n}", self.as_asked),
        }
    }
}

/// The NUMA node of the page with this address, if the kernel says so.
pub(crate) fn node_of(address: usize) -> Option<usize> {
    let page = address - address % page_size();
    where_are(&[page]).ok()?[0]
}

pub(super) fn page_size() -> usize {
    #[cfg(unix)]
    {
        // SAFETY: takes a number and returns one.
        let size = unsafe { libc::sysconf(libc::_SC_PAGESIZE) };
        usize::try_from(size)
            .ok()
            .filter(|s| s.is_power_of_two())
            .unwrap_or(4096)
    }
    #[cfg(not(unix))]
    4096
}

/// The node of each page; `None` for one that is not in memory.
#[cfg(target_os = "linux")]
fn where_are(addresses: &[usize]) -> Result<Vec<Option<usize>>, String> {
    let mut status = vec![0i32; addresses.len()];
    // SAFETY: without target nodes move_pages only reads `addresses` and writes one number a page
    // to `status`, which has as many; process 0 is this one.
    let r = unsafe {
        libc::syscall(
            libc::SYS_move_pages,
            0,
            addresses.len(),
            addresses.as_ptr(),
            std::ptr::null::<i32>(),
            status.as_mut_ptr(),
            0,
        )
    };
    if r < 0 {
        return Err(format!("move_pages: {}", std::io::Error::last_os_error()));
    }
    Ok(status
        .into_iter()
        .map(|s| usize::try_from(s).ok())
        .collect())
}

#[cfg(not(target_os = "linux"))]
fn where_are(_: &[usize]) -> Result<Vec<Option<usize>>, String> {
    Err("this system cannot be asked".into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schedule::Schedule;

    #[test]
    fn pages_are_counted_once() {
        let v = NumaVec::filled(Schedule::Static, 100_000, 1u64);
        let r = report(&v);
        assert!(r.pages >= 800_000 / r.page_size);
        if r.unknown.is_none() {
            assert_eq!(r.by_node.values().sum::<usize>() + r.absent, r.pages);
            assert_eq!(r.absent, 0, "every page was touched");
        }
        assert_eq!(r.as_asked + r.elsewhere + r.undecided, r.pages);
    }

    #[test]
    fn asked_against_got_is_a_comparison() {
        let mut r = PageReport {
            pages: 4,
            page_size: 4096,
            ..PageReport::default()
        };
        r.count(Some(0), Some(0));
        r.count(Some(1), Some(0));
        r.count(None, Some(1));
        r.count(Some(1), None);
        assert_eq!(
            (r.as_asked, r.elsewhere, r.undecided, r.absent),
            (1, 1, 2, 1)
        );
        let text = r.to_string();
        assert!(
            text.ends_with(
                "node 0: 1 (25%); node 1: 2 (50%); not in memory: 1 (25%); where asked: 1 of 2"
            ),
            "{text}"
        );
    }

    #[test]
    fn empty_and_plain_memory() {
        assert_eq!(report::<[u8]>(&[]).pages, 0);
        assert!(
            report(&vec![1u8; 100]).to_string().contains("no placement")
                || cfg!(not(target_os = "linux"))
        );
    }
}
