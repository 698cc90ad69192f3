//! A set of processors by their numbers in the operating system.

use crate::error::{CpuSetError, short};
use std::fmt;
use std::ops::{BitAnd, BitOr, RangeInclusive, Sub};
use std::str::FromStr;

/// A set of hardware threads (hwloc: PUs), by their numbers in the operating system.
///
/// A bitset that grows as needed: one bit a number up to the largest. Two sets are equal when they
/// hold the same numbers, and printing and parsing follow the kernel's cpulist format.
///
/// ```
/// use phalanx_topology::CpuSet;
/// let set: CpuSet = "0-3,8".parse().unwrap();
/// assert_eq!(set.len(), 5);
/// assert_eq!(set, CpuSet::from_iter([8, 3, 2, 1, 0]));
/// assert_eq!((&set - &CpuSet::from_iter([2])).to_string(), "0-1,3,8");
/// ```
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct CpuSet {
    /// Bit `n % 64` of word `n / 64`. The last word is never zero, so that equality is derived.
    words: Vec<u64>,
}

const BITS: usize = u64::BITS as usize;

impl CpuSet {
    /// Processor numbers are smaller than this. Linux itself goes no further than 8192.
    pub const LIMIT: usize = 1 << 16;

    /// The empty set.
    #[must_use]
    pub const fn new() -> Self {
        Self { words: Vec::new() }
    }

    /// Puts a processor in; `true` if it was not in before.
    ///
    /// # Panics
    /// When `cpu` is not below [`CpuSet::LIMIT`].
    pub fn insert(&mut self, cpu: usize) -> bool {
        assert!(
            cpu < Self::LIMIT,
            "processor number {cpu} is not below CpuSet::LIMIT ({})",
            Self::LIMIT
        );
        let word = cpu / BITS;
        if word >= self.words.len() {
            self.words.resize(word + 1, 0);
        }
        let bit = 1 << (cpu % BITS);
        let fresh = self.words[word] & bit == 0;
        self.words[word] |= bit;
        fresh
    }

    /// Takes a processor out; `true` if it was in.
    pub fn remove(&mut self, cpu: usize) -> bool {
        let held = self.contains(cpu);
        if held {
            self.words[cpu / BITS] &= !(1 << (cpu % BITS));
            self.trim();
        }
        held
    }

    /// Whether the processor is in.
    #[must_use]
    pub fn contains(&self, cpu: usize) -> bool {
        self.words
            .get(cpu / BITS)
            .is_some_and(|word| word >> (cpu % BITS) & 1 == 1)
    }

    /// How many processors are in.
    #[must_use]
    pub fn len(&self) -> usize {
        self.words
            .iter()
            .map(|word| word.count_ones() as usize)
            .sum()
    }

    /// Whether no processor is in.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The processors in ascending order.
    #[must_use]
    pub fn iter(&self) -> Iter<'_> {
        Iter {
            words: &self.words,
            at: 0,
            rest: self.words.first().copied().unwrap_or(0),
        }
    }

    /// The smallest number in the set.
    #[must_use]
    pub fn first(&self) -> Option<usize> {
        self.iter().next()
    }

    /// The largest number in the set.
    #[must_use]
    pub fn last(&self) -> Option<usize> {
        let word = self.words.last()?;
        Some(self.words.len() * BITS - 1 - word.leading_zeros() as usize)
    }

    /// Whether every processor of this set is in `other` too.
    #[must_use]
    pub fn is_subset(&self, other: &Self) -> bool {
        let in_other = |(at, word): (usize, &u64)| word & !other.word(at) == 0;
        self.words.iter().enumerate().all(in_other)
    }

    /// Whether some processor is in both sets.
    #[must_use]
    pub fn intersects(&self, other: &Self) -> bool {
        self.words.iter().zip(&other.words).any(|(a, b)| a & b != 0)
    }

    /// The set with every number moved by `by`; `None` if one would leave `0..LIMIT`.
    pub(crate) fn shifted(&self, by: i64) -> Option<Self> {
        let (Some(first), Some(last)) = (self.first(), self.last()) else {
            return Some(Self::new());
        };
        let moved = |cpu: usize| usize::try_from(i64::try_from(cpu).ok()?.checked_add(by)?).ok();
        let (_, last) = (moved(first)?, moved(last)?);
        (last < Self::LIMIT).then(|| self.iter().filter_map(moved).collect())
    }

    /// The runs of consecutive numbers, ascending.
    fn runs(&self) -> impl Iterator<Item = (usize, usize)> {
        let mut cpus = self.iter().peekable();
        std::iter::from_fn(move || {
            let first = cpus.next()?;
            let mut last = first;
            while cpus.next_if_eq(&(last + 1)).is_some() {
                last += 1;
            }
            Some((first, last))
        })
    }

    fn word(&self, at: usize) -> u64 {
        self.words.get(at).copied().unwrap_or(0)
    }

    fn trim(&mut self) {
        while self.words.last() == Some(&0) {
            self.words.pop();
        }
    }

    fn combine(&self, other: &Self, op: impl Fn(u64, u64) -> u64) -> Self {
        let words = self.words.len().max(other.words.len());
        let mut set = Self {
            words: (0..words)
                .map(|at| op(self.word(at), other.word(at)))
                .collect(),
        };
        set.trim();
        set
    }
}

impl BitOr for &CpuSet {
    type Output = CpuSet;
    fn bitor(self, other: Self) -> CpuSet {
        self.combine(other, |a, b| a | b)
    }
}

impl BitAnd for &CpuSet {
    type Output = CpuSet;
    fn bitand(self, other: Self) -> CpuSet {
        self.combine(other, |a, b| a & b)
    }
}

impl Sub for &CpuSet {
    type Output = CpuSet;
    fn sub(self, other: Self) -> CpuSet {
        self.combine(other, |a, b| a & !b)
    }
}

/// The processors of a [`CpuSet`], ascending.
#[derive(Clone, Debug)]
pub struct Iter<'a> {
    words: &'a [u64],
    at: usize,
    rest: u64,
}

impl Iterator for Iter<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        while self.rest == 0 {
            self.at += 1;
            self.rest = *self.words.get(self.at)?;
        }
        let bit = self.rest.trailing_zeros() as usize;
        self.rest &= self.rest - 1;
        Some(self.at * BITS + bit)
    }
}

impl<'a> IntoIterator for &'a CpuSet {
    type Item = usize;
    type IntoIter = Iter<'a>;
    fn into_iter(self) -> Iter<'a> {
        self.iter()
    }
}

impl Extend<usize> for CpuSet {
    /// # Panics
    /// When a number is not below [`CpuSet::LIMIT`].
    fn extend<I: IntoIterator<Item = usize>>(&mut self, cpus: I) {
        for cpu in cpus {
            self.insert(cpu);
        }
    }
}

impl FromIterator<usize> for CpuSet {
    /// # Panics
    /// When a number is not below [`CpuSet::LIMIT`].
    fn from_iter<I: IntoIterator<Item = usize>>(cpus: I) -> Self {
        let mut set = Self::new();
        set.extend(cpus);
        set
    }
}

impl fmt::Display for CpuSet {
    /// The kernel's cpulist format: `0-3,8`; nothing for the empty set.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        for (first, last) in self.runs() {
            if !text.is_empty() {
                text.push(',');
            }
            text.push_str(&first.to_string());
            if last > first {
                text.push('-');
                text.push_str(&last.to_string());
            }
        }
        f.pad(&text)
    }
}

impl fmt::Debug for CpuSet {
    /// As [`Display`](fmt::Display).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for CpuSet {
    type Err = CpuSetError;

    /// Reads the kernel's cpulist format, with white space around; the empty text is the empty set.
    ///
    /// # Errors
    /// When a number, a `-` or a `,` is missing or misplaced, a range runs backwards, or a number
    /// is not below [`CpuSet::LIMIT`].
    fn from_str(text: &str) -> Result<Self, CpuSetError> {
        let mut set = Self::new();
        let start = text.len() - text.trim_start().len();
        let list = text.trim();
        if list.is_empty() {
            return Ok(set);
        }
        let mut at = start;
        for part in list.split(',') {
            let range = range_of(part).map_err(|(offset, expected)| CpuSetError {
                text: short(text),
                position: text[..at + offset].chars().count() + 1,
                expected,
            })?;
            set.extend(range);
            at += part.len() + 1;
        }
        Ok(set)
    }
}

/// `3` or `0-3`; or where in it something else was expected.
fn range_of(part: &str) -> Result<RangeInclusive<usize>, (usize, &'static str)> {
    let (first, rest) = number(part, 0)?;
    let Some(last) = rest.strip_prefix('-') else {
        return if rest.is_empty() {
            Ok(first..=first)
        } else {
            Err((part.len() - rest.len(), "`-`, `,` or the end"))
        };
    };
    let at = part.len() - last.len();
    let (last, rest) = number(last, at)?;
    match rest {
        "" if last < first => Err((at, "a number that is not below the range's first")),
        "" => Ok(first..=last),
        _ => Err((part.len() - rest.len(), "`,` or the end")),
    }
}

/// A processor number at the start of `text`, and what follows it.
fn number(text: &str, at: usize) -> Result<(usize, &str), (usize, &'static str)> {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    if digits == 0 {
        return Err((at, "a processor number"));
    }
    match text[..digits].parse() {
        Ok(cpu) if cpu < CpuSet::LIMIT => Ok((cpu, &text[digits..])),
        _ => Err((at, "a processor number below 65536")),
    }
}
