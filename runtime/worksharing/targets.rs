//! Whether an index array sends no two iterations to one element: the check behind [`Scatter`](super::scatter::Scatter).
//!
//! Three ways, each on the whole team, each reading the index array front to back:
//!
//! 1. **Growing.** Where each index exceeds the last one by more than the offsets reach, all targets differ.
//!    That is one comparison of neighbours a position, and the ends say whether all lie inside. Threads stop
//!    at the first block that does not grow, so other arrays lose nothing by it.
//! 2. **Marks.** Each thread marks the targets of its own positions in a bitmap of its own, and sees what it
//!    has marked before; then the bitmaps are compared, word by word. Nothing is shared while marking: one
//!    bitmap with atomic additions costs a transfer of a line for every second target, one with an owner for
//!    each element 32 times the memory. As many threads take part as bitmaps fit beside the index array.
//! 3. **Bands.** Where targets are few in a long array, bitmaps would be mostly empty. Each thread collects
//!    the targets of one band of the array, with their positions, and sorts them. This also finds the
//!    positions when the bitmaps say that there are two: the first repetition in the order of positions.

use super::chunks::Thread;
use super::fallible::try_parallel_for;
use super::loops::team_loop;
use super::offsets::TargetIndex;
use super::scatter::ScatterError;
use crate::team::options::Options;
use crate::team::query::{max_threads, num_procs};
use std::ops::Range;

/// Positions that are looked at together.
const BLOCK: usize = 4096;

/// Fewer positions than this are not worth a team.
const FEW: usize = 8192;

/// Elements of the array for each target, from which on bitmaps are too empty.
const SPARSE: usize = 16;

/// An index array with its offsets, to be checked for arrays of `len` elements.
pub(super) struct Targets<'x, I> {
    indices: &'x [I],
    /// The offsets as they are; an offset may exceed `isize`.
    exact: &'x [i128],
    /// The same modulo the size of an address, for sums that are known to lie inside.
    wrapped: Vec<usize>,
    len: usize,
    options: Options,
}

/// What the threads saw while they marked.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Saw {
    AllDiffer,
    Twice,
    Outside,
}

impl<'x, I: TargetIndex> Targets<'x, I> {
    pub(super) fn new(
        options: Options,
        indices: &'x [I],
        exact: &'x [i128],
        len: usize,
    ) -> Targets<'x, I> {
        let options = match indices.len() < FEW {
            true => options.only_if(false),
            false => options,
        };
        Targets {
            indices,
            exact,
            wrapped: exact.iter().map(|&o| o as usize).collect(),
            len,
            options,
        }
    }

    /// `Ok` when all targets lie inside and differ.
    pub(super) fn check(&self) -> Result<(), ScatterError> {
        self.offsets_differ()?;
        let (Some(&first), Some(&last)) = (self.indices.first(), self.indices.last()) else {
            return Ok(());
        };
        if self.all_blocks(|r| self.grows(r)) {
            return match self.inside(first, last) {
                true => Ok(()),
                false => Err(self.first_outside()),
            };
        }
        let targets = self.indices.len().saturating_mul(self.exact.len());
        let saw = match self.len / SPARSE <= targets {
            true => self.mark(),
            false if self.all_blocks(|r| self.block_inside(r)) => Saw::Twice,
            false => Saw::Outside,
        };
        match saw {
            Saw::AllDiffer => Ok(()),
            Saw::Outside => Err(self.first_outside()),
            Saw::Twice => match self.first_twice() {
                None => Ok(()),
                Some((second, first, target)) => Err(ScatterError::Duplicate {
                    first,
                    second,
                    target,
                }),
            },
        }
    }

    fn offsets_differ(&self) -> Result<(), ScatterError> {
        let mut sorted = self.exact.to_vec();
        sorted.sort_unstable();
        match sorted.windows(2).find(|w| w[0] == w[1]) {
            Some(w) => Err(ScatterError::OffsetTwice { offset: w[0] }),
            None => Ok(()),
        }
    }

    /// Whether `holds` holds for all blocks of positions.
    fn all_blocks(&self, holds: impl Fn(Range<usize>) -> bool + Sync) -> bool {
        let blocks = self.indices.len().div_ceil(BLOCK);
        let ok = |b| {
            if holds(self.block(b)) {
                Ok(())
            } else {
                Err(())
            }
        };
        try_parallel_for(self.options, 0..blocks, ok).is_ok()
    }

    fn block(&self, b: usize) -> Range<usize> {
        let start = b * BLOCK;
        start..self.indices.len().min(start + BLOCK)
    }

    /// How far the offsets reach.
    fn reach(&self) -> (i128, i128) {
        let least = self.exact.iter().copied().min().unwrap_or(0);
        (least, self.exact.iter().copied().max().unwrap_or(0))
    }

    /// Whether the targets of all indices from `least` to `most` lie inside.
    fn inside(&self, least: I, most: I) -> bool {
        let (low, high) = self.reach();
        self.exact.is_empty()
            || (least.exact() + low >= 0 && most.exact() + high < self.len as i128)
    }

    fn block_inside(&self, r: Range<usize>) -> bool {
        let block = &self.indices[r];
        let (mut least, mut most) = (block[0], block[0]);
        for &i in block {
            least = least.min(i);
            most = most.max(i);
        }
        self.inside(least, most)
    }

    /// Whether each index of the block, and the one behind it, exceeds the one before it by more than the
    /// offsets reach.
    fn grows(&self, r: Range<usize>) -> bool {
        let (low, high) = self.reach();
        let reach = usize::try_from(high - low).unwrap_or(usize::MAX);
        let behind = self.indices.len().min(r.end + 1);
        let (here, next) = (
            &self.indices[r.start..behind - 1],
            &self.indices[r.start + 1..behind],
        );
        let mut grows = true;
        // Without a branch, so that it is done in vectors.
        if reach == 0 {
            here.iter().zip(next).for_each(|(a, b)| grows &= a < b);
        } else {
            let gap = |a: I, b: I| b.wrapped().wrapping_sub(a.wrapped()) > reach;
            here.iter()
                .zip(next)
                .for_each(|(&a, &b)| grows &= a < b && gap(a, b));
        }
        grows
    }

    /// Threads that make the check quicker: more of them than processors, each with a band or bitmap of its own,
    /// would only add work.
    fn useful(&self) -> usize {
        let asked = match self.options.serial {
            true => 1,
            false => self.options.num_threads.unwrap_or_else(max_threads),
        };
        asked.min(num_procs()).max(1)
    }

    /// Marks all targets.
    fn mark(&self) -> Saw {
        let words = self.len.div_ceil(64);
        let targets = self.indices.len().saturating_mul(self.exact.len());
        let room = targets.saturating_mul(16).saturating_add(1 << 24) / (words * 8).max(1);
        let blocks = self.indices.len().div_ceil(BLOCK);
        let asked = self.options.num_threads.unwrap_or_else(max_threads);
        let threads = self.useful().min(room).min(blocks).max(1);
        let options = match threads < asked {
            true => self.options.num_threads(threads),
            false => self.options,
        };
        let part = |thread: &mut Thread<'_>| {
            let (mut marks, mut saw) = (vec![0u64; words], Saw::AllDiffer);
            while let Some(r) = thread.next_short() {
                for b in r {
                    saw = saw.max(self.mark_block(self.block(b), &mut marks));
                }
            }
            (marks, saw)
        };
        let (mut all, mut saw) = (Vec::new(), Saw::AllDiffer);
        team_loop(&options, blocks, part, |(marks, this)| {
            all.push(marks);
            saw = saw.max(this);
        });
        match saw {
            Saw::AllDiffer if !differ(options, &all) => Saw::Twice,
            saw => saw,
        }
    }

    /// Marks the targets of one block, if they lie inside.
    fn mark_block(&self, r: Range<usize>, marks: &mut [u64]) -> Saw {
        if !self.block_inside(r.clone()) {
            return Saw::Outside;
        }
        let mut twice = 0;
        for &offset in &self.wrapped {
            for index in &self.indices[r.clone()] {
                let target = index.wrapped().wrapping_add(offset);
                let (word, bit) = (&mut marks[target / 64], 1 << (target % 64));
                twice |= *word & bit;
                *word |= bit;
            }
        }
        match twice {
            0 => Saw::AllDiffer,
            _ => Saw::Twice,
        }
    }

    /// The first position whose target lies outside, though there is one.
    #[cold]
    fn first_outside(&self) -> ScatterError {
        for (position, index) in self.indices.iter().enumerate() {
            for &offset in self.exact {
                let (index, len) = (index.exact(), self.len);
                if !(0..len as i128).contains(&(index + offset)) {
                    return ScatterError::OutOfRange {
                        position,
                        index,
                        offset,
                        len,
                    };
                }
            }
        }
        unreachable!("a block of an index array that nobody can change lay outside before")
    }

    /// The first position that repeats a target, the position before it that has it too, and the target.
    /// All targets lie inside.
    fn first_twice(&self) -> Option<(usize, usize, usize)> {
        // Each reads all indices.
        let bands = self.useful().min(self.indices.len() / FEW + 1);
        let size = self.len.div_ceil(bands).max(1);
        let part = |thread: &mut Thread<'_>| {
            let mut found: Option<(usize, usize, usize)> = None;
            while let Some(r) = thread.next_short() {
                let least = r
                    .filter_map(|b| self.twice_in(b.saturating_mul(size), size))
                    .min();
                found = found.into_iter().chain(least).min();
            }
            found
        };
        let mut found = None;
        team_loop(&self.options, bands, part, |this| {
            found = found.into_iter().chain(this).min();
        });
        found
    }

    /// The same among the `size` targets from `start` on.
    fn twice_in(&self, start: usize, size: usize) -> Option<(usize, usize, usize)> {
        let mut band = Vec::new();
        for (k, index) in self.indices.iter().enumerate() {
            for &offset in &self.wrapped {
                let target = index.wrapped().wrapping_add(offset);
                if target.wrapping_sub(start) < size {
                    band.push((target, k));
                }
            }
        }
        band.sort_unstable();
        let equal = band.windows(2).filter(|w| w[0].0 == w[1].0);
        equal.map(|w| (w[1].1, w[0].1, w[1].0)).min()
    }
}

/// Whether no two of the bitmaps have a mark in the same place.
fn differ(options: Options, all: &[Vec<u64>]) -> bool {
    let Some((_, others)) = all.split_first().filter(|(_, others)| !others.is_empty()) else {
        return true;
    };
    let words = others[0].len();
    let ok = |b: usize| {
        let r = b * BLOCK..words.min((b + 1) * BLOCK);
        let (mut seen, mut twice) = ([0u64; BLOCK], 0);
        for marks in all {
            for (seen, word) in seen.iter_mut().zip(&marks[r.clone()]) {
                twice |= *seen & word;
                *seen |= word;
            }
        }
        if twice == 0 { Ok(()) } else { Err(()) }
    };
    try_parallel_for(options, 0..words.div_ceil(BLOCK), ok).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_threads_than_processors_are_useful_and_serial_checks_have_one() {
        let useful = |options| Targets::new(options, &[0usize; FEW], &[0], 1).useful();
        let many = Options::new().num_threads(100_000);
        assert!((1..=num_procs()).contains(&useful(many)));
        assert_eq!(useful(many.only_if(false)), 1);
        assert_eq!(useful(many.num_threads(1)), 1);
    }
}
