//! Clauses that contradict each other, do nothing, or belong to another construct.
use phalanx::prelude::*;

threadprivate! {
    static SEED: u64 = 1;
}

#[omp]
fn results_and_nowait(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    #[parallel(shared(sum))]
    {
        let mut last = 0;
        #[for_each(nowait, reduction(+: sum))]
        for i in 0..x.len() {
            sum += x[i];
        }
        #[for_each(nowait, lastprivate(last))]
        for i in 0..x.len() {
            last = i;
        }
        #[nowait]
        {
            #[for_each(nowait)]
            for i in 0..x.len() {
                println!("{i}");
            }
            #[for_each(lastprivate(last))]
            for i in 0..x.len() {
                last = i;
            }
        }
        #[for_each(nowait, nowait)]
        for i in 0..x.len() {
            println!("{i}");
        }
        #[for_each(nowait(x))]
        for i in 0..x.len() {
            println!("{i}");
        }
    }
    sum
}

#[omp]
fn copies(x: &mut f64) {
    #[parallel(shared(x), copyin(SEED + 1))]
    {
        let mut own = 0;
        #[single(copyprivate(own), nowait)]
        {
            own = 1;
        }
        #[single(copyprivate(x))]
        {
            println!("once");
        }
        #[masked(copyprivate(own))]
        {
            own += 1;
        }
        #[masked(filter(1), filter(2))]
        {
            println!("{own}");
        }
        #[masked(nowait)]
        {
            println!("{own}");
        }
    }
}

#[omp]
fn reduced_twice(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    #[parallel(reduction(+: sum), lastprivate(sum))]
    {
        #[for_each(reduction(+: sum))]
        for i in 0..x.len() {
            sum += x[i];
        }
    }
    sum
}

#[omp]
fn loops(y: &mut [f64], log: &mut String) {
    let mut j = 0;
    #[parallel_for(disjoint(y), linear(j, 2))]
    for i in 0..y.len() {
        y[i] = j as f64;
        j += 2;
    }
    #[parallel_for(disjoint(y), nowait)]
    for i in 0..y.len() {
        y[i] = 1.0;
    }
    #[parallel_for(disjoint(y), writes(log))]
    for i in 0..y.len() {
        y[i] = 1.0;
    }
    #[parallel(shared(y, log))]
    {
        #[for_each(ordered, disjoint(y))]
        for i in 0..10 {
            y[i] = 1.0;
        }
        #[for_each(ordered, simd, writes(log))]
        for _ in 0..10 {
            #[ordered]
            {
                log.push('x');
            }
        }
    }
}

#[omp]
fn nobodys(x: &[f64], start: &mut f64) -> f64 {
    let (mut sum, mut last, mut j) = (0.0, 0, 0);
    #[parallel(shared(start))]
    {
        #[for_each(reduction(+: sum))]
        for i in 0..x.len() {
            sum += x[i];
        }
        #[for_each(lastprivate(last))]
        for i in 0..x.len() {
            last = i;
        }
        #[for_each(linear(j: 2))]
        for _ in 0..x.len() {
            j += 2;
        }
        #[single(copyprivate(last))]
        {
            last = 1;
        }
        #[for_each(firstprivate(start))]
        for i in 0..x.len() {
            println!("{}", x[i] + start);
        }
        #[sections(reduction(+: sum))]
        {
            #[section]
            {
                sum += 1.0;
            }
        }
    }
    sum + last as f64 + j as f64
}

macro_rules! some_macro {
    ($y:expr) => {
        $y = 1.0
    };
}

#[omp]
fn simd(x: &[f64], y: &mut [f64]) -> f64 {
    let mut sum = 0.0;
    #[simd(safelen(8), disjoint(y))]
    for i in 0..8 {
        y[i] = x[i];
    }
    #[simd(simdlen(8), aligned(x), disjoint(y))]
    for i in 0..8 {
        y[i] = x[i];
    }
    #[simd(schedule(static), disjoint(y))]
    for i in 0..8 {
        y[i] = x[i];
    }
    #[simd]
    for i in 0..8 {
        sum += x[i];
    }
    #[simd(disjoint(y))]
    for i in 1..8 {
        y[i] = y[i - 1];
    }
    let mut last = 0;
    #[parallel_for(simd, reduction(+: sum), lastprivate(last))]
    for i in 0..8 {
        sum += x[i];
        last = i;
    }
    #[simd(disjoint(y))]
    for i in 0..8 {
        some_macro!(y[i]);
    }
    sum + last as f64
}

fn main() {}
