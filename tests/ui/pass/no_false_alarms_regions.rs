//! What threads of a region may do with what they share, in many spellings.

use phalanx::prelude::*;

struct Pair {
    low: u64,
    high: u64,
}

/// Their own variables, by any path.
#[omp]
fn own_variables(n: usize, start: u64) -> u64 {
    let total = Critical::new(0);
    let (counted, base, scratch) = (Atomic::new(0), start, 7u64);
    #[parallel(num_threads(n), firstprivate(base), private(scratch))]
    {
        scratch = 1;
        base += scratch;
        let mut pair = Pair { low: 0, high: 0 };
        pair.low += 1;
        (pair.low, pair.high) = (pair.high, pair.low);
        let at = &mut pair.high;
        *at += 1;
        let mut list = vec![0; 4];
        list[1] += pair.high;
        std::mem::swap(&mut list[0], &mut pair.low);
        for k in 0..3 {
            if k == 1 {
                continue;
            }
            list[k] += 1;
            if list[k] > 100 {
                break;
            }
        }
        let mut count = move || {
            base += 1;
            base
        };
        list[2] += count();
        let first = || list.first().copied();
        let sum = (|| Some(first()? + 1))();
        counted.add(1);
        #[critical(total)]
        {
            *total += base + sum.unwrap_or(0);
            for _ in 0..3 {
                if *total > 1000 {
                    break;
                }
            }
        }
    }
    assert_eq!(scratch, 7);
    total.into_inner() + counted.into_inner()
}

/// Views: parts of them, other names for them, whole ones, and swapped ones.
#[omp]
fn views(a: &mut [u64], b: &mut Vec<u64>, g: &mut Grid2<u64>) -> u64 {
    let mut best = 0u64;
    let steps = 4;
    #[parallel(num_threads(3), shared(a, b, g, best))]
    {
        let n = a.len();
        let mut wide = n > 2 && !a.is_empty();
        for step in 0..steps {
            #[for_each(reads(a), disjoint(b))]
            for i in 0..n {
                b[i] = a[i] + a[(i + 1) % n];
            }
            std::mem::swap(&mut a, &mut b);
            #[for_each(disjoint(g), reads(a))]
            for i in 0..4usize {
                g[i][step] += a[i];
            }
        }
        {
            let (mut low, high) = a.split_at_mut(n / 2);
            #[for_each(disjoint(low), reads(high))]
            for i in 0..n / 2 {
                low[i] += high[0];
            }
        }
        let largest = #[single(reads(a, b), writes(best))]
        {
            let mut largest = 0;
            for i in 0..a.len() {
                if a[i] == 0 {
                    continue;
                }
                largest = largest.max(a[i]);
            }
            *best = largest + b[0];
            *best
        };
        wide |= largest > 5;
        #[nowait]
        {
            #[for_each(disjoint(a))]
            for i in 0..n {
                a[i] = largest;
            }
            #[for_each(disjoint(b))]
            for i in 0..n {
                b[i] = u64::from(wide);
            }
            #[for_each(reads(g))]
            for i in 0..4usize {
                assert!(g[i][0] > 0);
            }
            #[for_each(reads(g))]
            for i in 0..4usize {
                assert!(g[i][1] > 0);
            }
        }
        #[nowait]
        {
            if largest > 100 {
                #[for_each(disjoint(a))]
                for i in 0..n {
                    a[i] += 1;
                }
            } else if largest > 10 {
                #[for_each(reads(a))]
                for i in 0..n {
                    assert!(a[i] > 0);
                }
            }
            match largest {
                0 => {}
                1 => {
                    #[single(writes(b))]
                    {
                        b[0] = 1;
                    }
                }
                _ => {
                    #[single(writes(b))]
                    {
                        b[0] = 2;
                    }
                }
            }
        }
        #[sections]
        {
            #[section(writes(a), reads(g))]
            {
                a[0] += g[0][0];
            }
            #[section(writes(b), reads(g))]
            {
                b[0] += g[0][0];
            }
        }
        for row in 0..2 {
            #[masked(writes(g))]
            {
                g[row][0] = 1;
            }
        }
    }
    best
}

/// A region in a region, and names that mean something else further in.
#[omp]
fn inner(x: &mut [u64]) -> u64 {
    let sum = Atomic::new(0);
    #[parallel(num_threads(2), shared(x))]
    {
        let mut mine = 0u64;
        #[parallel(num_threads(2), shared(mine))]
        {
            #[single(writes(mine))]
            {
                *mine += 1;
            }
        }
        sum.add(mine);
        #[for_each(disjoint(x))]
        for i in 0..8usize {
            x[i] = i as u64;
        }
        let x = [3u64; 4];
        sum.add(x[0]);
    }
    sum.into_inner()
}

/// A function that its caller's team runs.
#[omp]
fn orphaned<'v>(
    cx: &mut Ctx,
    a: &mut View<'v, u64>,
    b: &mut View<'v, u64>,
    total: &Critical<u64>,
) -> u64 {
    let mut mine = cx.thread_num() as u64;
    mine += a.len() as u64;
    for _ in 0..2 {
        #[for_each(disjoint(a), reads(b))]
        for i in 0..a.len() {
            a[i] += b[i];
            mine += 1;
        }
        std::mem::swap(a, b);
        if mine > 1_000_000 {
            return 0;
        }
    }
    #[critical(total)]
    {
        *total += mine;
    }
    (*total).with(|total| *total += 1);
    let first = #[single(reads(a))]
    {
        a[0]
    };
    if first == 0 {
        return 1;
    }
    first
}

fn calls(a: &mut [u64], b: &mut [u64]) -> u64 {
    let total = Critical::new(0);
    region(
        Options::new().num_threads(2),
        (a, b),
        |cx, (mut a, mut b)| {
            orphaned(cx, &mut a, &mut b, &total);
        },
    );
    total.into_inner()
}

fn main() {
    assert!(own_variables(3, 5) > 3);
    let (mut a, mut b) = (vec![1; 16], vec![0; 16]);
    let mut g = Grid2::filled(4, 4, 1);
    assert!(views(&mut a, &mut b, &mut g) > 0);
    assert_eq!(inner(&mut [0; 8]), 8);
    assert!(calls(&mut [1; 8], &mut [2; 8]) > 0);
}
