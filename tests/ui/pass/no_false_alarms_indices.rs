//! Indices and variables that look like races, and are none.

use phalanx::prelude::*;

macro_rules! counter {
    ($name:ident) => {
        let mut $name = 0;
    };
}

struct Sums {
    total: i64,
    list: Vec<i64>,
}

/// The one iteration that owns an element touches it.
#[omp]
fn guarded(a: &mut [i64], k: usize) {
    let n = a.len();
    #[parallel_for(disjoint(a))]
    for i in 0..n {
        if i == 0 {
            a[0] = 5;
        } else if i == n - 1 {
            a[n - 1] = 7;
        }
        match i {
            3 => a[3] += 1,
            _ if i == k => a[k] += 1,
            _ => {}
        }
        _ = i == 1 && a[1] == 0;
        let last = || a[n - 1];
        if i == n - 1 {
            assert_eq!(last(), a[i]);
        }
        for j in i..i + 1 {
            a[j] += 1;
        }
        while i == 2 && a[2] < 5 {
            a[2] += 1;
        }
        if i != 4 {
            continue;
        }
        a[4] += 1;
    }
    #[parallel_for(disjoint(a))]
    for i in 0..1 {
        a[0] = a[i] + a[2 * i];
    }
}

/// Other spellings of the own index, and offsets that may be nothing.
#[omp]
fn spelled(a: &mut [i64], zero: usize, one: usize) {
    #[parallel_for(disjoint(a))]
    for i in 0i32..8 {
        a[i as usize] += 1;
        a[(i + 1 - 1) as usize] += 1;
        a[(2 * i - i) as usize] += 1;
    }
    #[parallel_for(disjoint(a))]
    for i in 0..a.len() {
        let j = i;
        a[j] += 1;
        a[i + zero] += 1;
        a[i * one] += 1;
        a[i / one] += 1;
        a[i % 100] += 1;
    }
    // The name is another's further in.
    #[parallel_for(disjoint(a))]
    for i in 1..a.len() {
        let i = i - 1;
        a[i + 1] += 1;
    }
}

/// What belongs to an iteration may be written in every way.
#[omp]
fn own(x: &[i64]) -> i64 {
    let mut sum = 0;
    #[parallel_for(reduction(+: sum))]
    for i in 0..x.len() {
        counter!(count);
        count += 1;
        let mut sums = Sums {
            total: 0,
            list: vec![0; 3],
        };
        sums.total += x[i];
        sums.list[0] += count;
        let at = &mut sums.total;
        *at += 1;
        let (mut low, mut high) = (0, 1);
        (low, high) = (high, low);
        std::mem::swap(&mut low, &mut high);
        let old = sum;
        sum += sums.total + sums.list[0] + low + high - 3;
        _ = old;
    }
    sum
}

/// So may what a critical section owns, and what clauses speak for.
#[omp]
fn under_clauses(x: &[i64]) -> (i64, i64, i64) {
    let total = Critical::new(0);
    let mut last = 0;
    let start = 5;
    #[parallel_for(lastprivate(last), firstprivate(start))]
    for i in 0..x.len() {
        #[critical(total)]
        {
            *total += x[i];
        }
        start += 1;
        let by_value = &mut start;
        *by_value -= 1;
        last = x[i] + start;
    }
    let lock = Lock::new(Sums {
        total: 0,
        list: vec![0; 2],
    });
    #[parallel_for]
    for i in 0..x.len() {
        let mut sums = lock.lock();
        sums.total += x[i];
        sums.list[0] += 1;
    }
    (total.into_inner(), last, lock.into_inner().total)
}

/// A closure that moves has copies.
#[omp]
fn copies(x: &[i64], k: usize) -> i64 {
    let (mut start, mut sum) = (5, 0);
    let mut a = vec![0; 10];
    #[parallel_for(reduction(+: sum))]
    for i in 0..x.len() {
        let mut next = move || {
            start += 1;
            start
        };
        sum += next() + next() - x[i];
    }
    start += 1;
    #[parallel_for(disjoint(a))]
    for i in k..k + 1 {
        a[k] = i as i64;
    }
    #[parallel_for(disjoint(a))]
    for i in k..=k {
        a[k] += i as i64;
    }
    sum + start + a[k]
}

struct Field {
    data: Vec<i64>,
    n: usize,
}

#[omp]
impl Field {
    fn first_and_last(&mut self) {
        #[parallel_for(disjoint(self.data))]
        for i in 0..self.n {
            self.data[i] = i as i64;
            if i + 1 == self.n {
                self.data[self.n - 1] += 1;
            }
        }
    }
}

fn main() {
    let mut a = vec![0; 64];
    guarded(&mut a, 7);
    spelled(&mut a, 0, 1);
    assert_eq!(own(&[1; 10]), 10);
    assert_eq!(under_clauses(&[2; 10]), (20, 7, 20));
    assert_eq!(copies(&[13; 10], 3), 6 + 6);
    let mut field = Field {
        data: vec![0; 5],
        n: 5,
    };
    field.first_and_last();
    assert_eq!(field.data, [0, 1, 2, 3, 5]);
}
