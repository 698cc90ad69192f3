//! First touch: each element is written first by the thread that a schedule gives it to.

use super::raw::RawPages;
use crate::schedule::Schedule;
use crate::source::Source;
use crate::team::options::Options;
use crate::worksharing::chunks::Thread;
use crate::worksharing::loops::team_loop;
use parking_lot::Mutex;
use std::ops::Range;

/// How an array was dealt out when its pages were first touched: what placement was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Distribution {
    /// The schedule of the loop that touched the array.
    pub schedule: Schedule,
    /// Positions of that loop: elements, or rows of a grid.
    pub len: usize,
    /// Elements in one position: 1, or the columns of a grid.
    pub width: usize,
    /// The NUMA node on which each thread of the team ran, by thread number; `None` where that is
    /// not known.
    pub nodes: Vec<Option<usize>>,
}

impl Distribution {
    /// The node that was asked for element `i`, where the schedule decides it.
    pub fn node_of(&self, i: usize) -> Option<usize> {
        let position = i / self.width.max(1);
        let thread = self.schedule.owner(self.len, self.nodes.len(), position)?;
        self.nodes.get(thread).copied().flatten()
    }
}

/// A pointer that the threads of one loop share; each writes only its own positions.
struct Target<T>(*mut T);
// SAFETY: `fill` writes each position from one thread only, before anyone reads.
unsafe impl<T: Send> Sync for Target<T> {}

/// What has been written so far, to be dropped if the loop panics.
struct Written<T> {
    target: Target<T>,
    width: usize,
    /// Finished blocks of positions. Only kept for types that need dropping.
    blocks: Mutex<Vec<Range<usize>>>,
}

impl<T> Drop for Written<T> {
    fn drop(&mut self) {
        for r in self.blocks.get_mut().drain(..) {
            for k in r.start * self.width..r.end * self.width {
                // SAFETY: only blocks whose every element was written get here, each block once.
                unsafe { self.target.0.add(k).drop_in_place() }
            }
        }
    }
}

/// Elements of the block that a thread is writing.
struct Block<'a, T> {
    all: &'a Written<T>,
    first: usize,
    elements: usize,
}

impl<T> Drop for Block<'_, T> {
    fn drop(&mut self) {
        // Reached by unwinding only: drop what this block holds so far.
        for k in 0..self.elements {
            // SAFETY: elements `first..first + elements` were written and nobody else has them.
            unsafe { self.all.target.0.add(self.first + k).drop_in_place() }
        }
    }
}

/// Fills new pages from a source; position `k` makes elements `k * width .. (k + 1) * width`.
pub(super) fn fill<S: Source, T: Send>(
    options: Options,
    source: &S,
    width: usize,
    make: impl Fn(S::Item, &mut dyn FnMut(T)) + Sync,
) -> (RawPages<T>, Option<Distribution>) {
    let len = source.len();
    let Some(total) = len.checked_mul(width) else {
        panic!("a grid of {len} x {width} elements is too large")
    };
    let pages = RawPages::<T>::new(total);
    let written = Written {
        target: Target(pages.ptr()),
        width,
        blocks: Mutex::new(Vec::new()),
    };
    let mut nodes = Vec::new();
    // Without columns there is nothing to touch, however many rows.
    let positions = if width == 0 { 0 } else { len };
    let part = |thread: &mut Thread<'_>| {
        let target = &written.target;
        // SAFETY: `team_loop` hands each position to one thread, once; `source` outlives the loop.
        let source = unsafe { source.alias() };
        while let Some(r) = thread.next_short() {
            let mut block = Block {
                all: &written,
                first: r.start * width,
                elements: 0,
            };
            for k in r.clone() {
                let end = (k + 1) * width - r.start * width;
                // SAFETY: as above.
                let item = unsafe { source.get(k) };
                make(item, &mut |value| {
                    assert!(
                        block.elements < end,
                        "more than {width} elements in one position"
                    );
                    // SAFETY: below `len * width`, written by this thread alone, and not before:
                    // the element belongs to position `k`.
                    unsafe { target.0.add(block.first + block.elements).write(value) };
                    block.elements += 1;
                });
                assert!(
                    block.elements == end,
                    "fewer than {width} elements in one position"
                );
            }
            std::mem::forget(block);
            if std::mem::needs_drop::<T>() {
                written.blocks.lock().push(r);
            }
        }
        crate::topology::current_node()
    };
    team_loop(&options, positions, part, |node| nodes.push(node));
    // Everything is written: the pages own the elements now.
    written.blocks.lock().clear();
    drop(written);
    let schedule = match options.schedule {
        Schedule::Runtime => crate::icv::run_schedule(),
        s => s,
    };
    let asked = (!nodes.is_empty()).then_some(Distribution {
        schedule,
        len,
        width,
        nodes,
    });
    (pages, asked)
}
