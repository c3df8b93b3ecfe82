# ruff: noqa: E501
"""What a careful reader finds in a text: written by hand, one text a line.

`TEXT => FIGURE ; FIGURE`. A figure is KIND|TEXT, and for numbers |VALUE|UNIT|DECIMALS. Kinds: C a
change (with a stated sign), L a level, N a count, O an ordinal, D a date, M a name, W a window.
Units: % pp bp pt x ratio $ n (count) s (sessions), and - for a bare number. A level that bears a
sign has the letter S. Nothing after => means that no number is stated.
"""

SENTENCES = """
The index closed at 2,669.16 => L|2,669.16|2669.16|-|2
The return was 7.53% => L|7.53%|7.53|%|2
The return was 7.53 % => L|7.53 %|7.53|%|2
The return was 7.53 percent. => L|7.53 percent|7.53|%|2
The return was 7.53 per cent. => L|7.53 per cent|7.53|%|2
A 5-percent share => L|5-percent|5|%|0
A share of 5 pct => L|5 pct|5|%|0
a spread of 50 bp => L|50 bp|50|bp|0
a spread of 50bps => L|50bps|50|bp|0
a spread of 50 basis points => L|50 basis points|50|bp|0
a 25-basis-point step => L|25-basis-point|25|bp|0
a lead of 5.78 percentage points [1] => L|5.78 percentage points|5.78|pp|2
a lead of 5.8 pp => L|5.8 pp|5.8|pp|1
a lead of 5.8pp => L|5.8pp|5.8|pp|1
a lead of 5.8 percent points => L|5.8 percent points|5.8|pp|1
a lead of 5.8 ppts => L|5.8 ppts|5.8|pp|1
a one percentage point lead => L|one percentage point|1|pp|0
ahead by 11 points => L|11 points|11|pt|0
It gained 186.93 points => C|186.93 points|186.93|pt|2
Forward P/E of 18.2x => L|18.2x|18.2|x|1
at 22 times earnings => L|22 times|22|x|0
16.3 times before the speech => L|16.3 times|16.3|x|1
18x vs 26x => L|18x|18|x|0 ; L|26x|26|x|0
15.6x versus 22.6x forward earnings is a 31% discount => L|15.6x|15.6|x|1 ; L|22.6x|22.6|x|1 ; L|31%|31|%|0
IWM at $264.87 => L|$264.87|264.87|$|2
worth US$1.2bn => L|US$1.2bn|1200000000|$|1
worth $800 billion => L|$800 billion|800000000000|$|0
worth $368bn => L|$368bn|368000000000|$|0
worth $0.967B => L|$0.967B|967000000|$|3
worth $26.4 trillion => L|$26.4 trillion|26400000000000|$|1
worth $1.8-trillion => L|$1.8-trillion|1800000000000|$|1
worth 2.3 trillion => L|2.3 trillion|2300000000000|-|1
worth €5m => L|€5m|5000000|$|0
worth £3.5 million => L|£3.5 million|3500000|$|1
worth ¥150 => L|¥150|150|$|0
worth EUR 20 million => L|EUR 20 million|20000000|$|0
worth USD5bn => L|USD5bn|5000000000|$|0
worth 250 dollars => L|250 dollars|250|$|0
worth 800 billion dollars => L|800 billion dollars|800000000000|$|0
earned 5 cents => L|5 cents|5|$|0
some $3-5 billion => L|$3|3000000000|$|0 ; L|5 billion|5000000000|$|0
$3 to $5 billion => L|$3|3000000000|$|0 ; L|$5 billion|5000000000|$|0
$500 million to $1 billion => L|$500 million|500000000|$|0 ; L|$1 billion|1000000000|$|0
between $250 and $260 => L|$250|250|$|0 ; L|$260|260|$|0
from 900,000 to 1.2 million => L|900,000|900000|-|0 ; L|1.2 million|1200000|-|1
3.5-3.75% => L|3.5|3.5|%|1 ; L|3.75%|3.75|%|2
3.5–3.75% => L|3.5|3.5|%|1 ; L|3.75%|3.75|%|2
3.5% to 3.75% => L|3.5%|3.5|%|1 ; L|3.75%|3.75|%|2
3.50 to 3.75 percent => L|3.50|3.5|%|2 ; L|3.75 percent|3.75|%|2
2–8% => L|2|2|%|0 ; L|8%|8|%|0
between 4 and 5 percent => L|4|4|%|0 ; L|5 percent|5|%|0
34% to 58% of firms => L|34%|34|%|0 ; L|58%|58|%|0
a 15-20% correction => C|15|-15|%|0 ; C|20%|-20|%|0
lower by two to eight percent => C|two|-2|%|0 ; C|eight percent|-8|%|0
up 7.9% to 8% this year => C|7.9%|7.9|%|1 ; C|8%|8|%|0
up 0.2% to 4.1% => C|0.2%|0.2|%|1 ; L|4.1%|4.1|%|1
6600-6800 => L|6600|6600|-|0 ; L|6800|6800|-|0
range 1,732.99 to 2,735.10 intraday => L|1,732.99|1732.99|-|2 ; L|2,735.10|2735.1|-|2
the rate is 3-1/2 to 3-3/4 percent => L|3-1/2|3.5|%|1 ; L|3-3/4 percent|3.75|%|2
the rate is 1—1/2 to 1-3/4 percent => L|1—1/2|1.5|%|1 ; L|1-3/4 percent|1.75|%|2
the rate is 0 to 1/4 percent => L|0|0|%|0 ; L|1/4 percent|0.25|%|2
the rate is 3½ percent => L|3½ percent|3.5|%|1
the rate is 3½% => L|3½%|3.5|%|1
the rate is 4 3/8 percent => L|4 3/8 percent|4.375|%|3
a ¼ of it => L|¼|0.25|-|2
18 vs 26x => L|18|18|x|0 ; L|26x|26|x|0
by 3.2 and 4.5 percent => L|3.2|3.2|%|1 ; L|4.5 percent|4.5|%|1
5, 10 and 20 percent => L|5|5|%|0 ; L|10|10|%|0 ; L|20 percent|20|%|0
0.97%/0.63% => L|0.97%|0.97|%|2 ; L|0.63%|0.63|%|2
a quarter-point cut => L|a quarter-point|0.25|pp|2
half a percentage point => L|half a percentage point|0.5|pp|1
a half point => L|a half point|0.5|pp|1
a third of the index => L|a third|0.33333333|ratio|2
more than a third. => L|a third|0.33333333|ratio|2
a third cut this year =>
two-thirds of members => L|two-thirds|0.66666667|ratio|2
three-quarters of firms => L|three-quarters|0.75|ratio|2
a quarter of the reporters => L|a quarter|0.25|ratio|2
a quarter of a century =>
once a quarter =>
half of the firms => L|half|0.5|ratio|2
half the members => L|half|0.5|ratio|2
in the first half of the year =>
on the other half of it =>
profits doubled => C|doubled|2|x|1
profits tripled => C|tripled|3|x|1
debt quadrupled => C|quadrupled|4|x|1
the premium halved => C|halved|0.5|ratio|2
double the 2008 level => L|double|2|x|1 ; D|2008
twice as much => L|twice|2|x|1
it rallied by double digits =>
-1.82% => C|-1.82%|-1.82|%|2
−1.82% => C|−1.82%|-1.82|%|2
–1.82% => C|–1.82%|-1.82|%|2
-1.82 % to 2,669.16 => C|-1.82 %|-1.82|%|2 ; L|2,669.16|2669.16|-|2
+5.8% => C|+5.8%|5.8|%|1
(1.82)% => C|(1.82)%|-1.82|%|2
(1.82%) => C|(1.82%)|-1.82|%|2
it returned (1.82%) in May => C|(1.82%)|-1.82|%|2
it returned (1.82)% in May => C|(1.82)%|-1.82|%|2
ahead in most years (63%) => L|63%|63|%|0
the average (2,601.58) held => L|2,601.58|2601.58|-|2
negative 3% => C|negative 3%|-3|%|0
minus 0.83% year to date => C|minus 0.83%|-0.83|%|2
8.10% minus 1.51% => L|8.10%|8.1|%|2 ; L|1.51%|1.51|%|2
-$5.20 => S|-$5.20|-5.2|$|2
$-5.20 => S|$-5.20|-5.2|$|2
-0.05 points on average => C|-0.05 points|-0.05|pt|2
now +7 bp => C|+7 bp|7|bp|0
a beta of -0.4 => S|-0.4|-0.4|-|1
fell 1.8 % => C|1.8 %|-1.8|%|1
a 1.8% decline => C|1.8%|-1.8|%|1
a 3.2 percent drop => C|3.2 percent|-3.2|%|1
an 8% rise => C|8%|8|%|0
an 18% rally => C|18%|18|%|0
a 12% December rally => C|12%|12|%|0
14% upside from 2,669 => C|14%|14|%|0 ; L|2,669|2669|-|0
1.6% lower year to date => C|1.6%|-1.6|%|1
2.6 % above the 20-day average => C|2.6 %|2.6|%|1 ; W|20-day
10% or more below a peak => C|10%|-10|%|0
a year-to-date loss of roughly 1.4% => C|1.4%|-1.4|%|1
a drawdown of 12% => C|12%|-12|%|0
a gain of about fourteen percent => C|fourteen percent|14|%|0
rose by more than 3% => C|3%|3|%|0
rose a further 3% => C|3%|3|%|0
fell another 13% => C|13%|-13|%|0
bounced back by 42% => C|42%|42|%|0
gave up 3% => C|3%|-3|%|0
gave back 3% => C|3%|-3|%|0
makes up 5% of the index => L|5%|5|%|0
rose to 4.82 percent => L|4.82 percent|4.82|%|2
fell to 3% => L|3%|3|%|0
fell from 5% to 4% => L|5%|5|%|0 ; L|4%|4|%|0
fell close to 5% => C|5%|-5|%|0
gained up to 5% => C|5%|5|%|0
fell 2.2% to 2,189.23 => C|2.2%|-2.2|%|1 ; L|2,189.23|2189.23|-|2
down 108.09 points or 5.65% => C|108.09 points|-108.09|pt|2 ; C|5.65%|-5.65|%|2
gained 7.88% (195.51 points) => C|7.88%|7.88|%|2 ; C|195.51 points|195.51|pt|2
fell 2.1% and 3.4% => C|2.1%|-2.1|%|1 ; C|3.4%|-3.4|%|1
rose 3.1% (63% of the time) => C|3.1%|3.1|%|1 ; L|63%|63|%|0
up 13%, the S&P 500 16% => C|13%|13|%|0 ; M|S&P 500 ; L|16%|16|%|0
The S&P 500 rose 78% from 2023 to 2025 => M|S&P 500 ; C|78%|78|%|0 ; D|2023 ; D|2025
up 25 bp in a month => C|25 bp|25|bp|0
up 0.28% at 2,218.42 => C|0.28%|0.28|%|2 ; L|2,218.42|2218.42|-|2
14 sessions in a row => N|14 sessions|14|s|0
fourteen sessions => N|fourteen sessions|14|s|0
over 14 trading days => N|14 trading days|14|s|0
15 consecutive sessions => N|15 consecutive sessions|15|s|0
the next 63 sessions => N|63 sessions|63|s|0
nine straight days => N|nine|9|n|0
967 days without a record => N|967|967|n|0
over 25 years => N|25|25|n|0
nine of 18 officials => N|nine|9|n|0 ; N|18|18|n|0
12 of 13 sessions => N|12|12|n|0 ; N|13 sessions|13|s|0
10 out of 12 cases => N|10|10|n|0 ; N|12|12|n|0
40 companies => N|40|40|n|0
545 smaller companies => N|545|545|n|0
47 non-overlapping earlier moves => N|47|47|n|0
2.3 million workers => N|2.3 million|2300000|n|1
200,000 jobs => N|200,000|200000|n|0
two more rate cuts => N|two|2|n|0
one rate cut => N|one|1|n|0
one of the best =>
no one knows =>
two to three cuts => N|two|2|n|0 ; N|three|3|n|0
a nine-to-three vote => N|nine|9|n|0 ; N|three|3|n|0
a 9-3 vote => N|9|9|n|0 ; N|3|3|n|0
cut rates three times this year => N|three|3|n|0
three times earnings => L|three times|3|x|0
two-sided risks =>
twenty-five years => N|twenty-five|25|n|0
two hundred companies => N|two hundred|200|n|0
a 15-session winning streak => N|15-session|15|s|0
the 967-day stretch => N|967|967|n|0
its 14th consecutive session => O|14th|14|n|0
the 90th percentile => O|90th|90|n|0
the first and second time =>
about 12% => L|12%|12|%|0
an RSI of 71 => L|71|71|-|0
a confidence of 0.55 => L|0.55|0.55|-|2
a gain of .5% => C|.5%|0.5|%|1
volatility 0.97 % against 0.63 % => L|0.97 %|0.97|%|2 ; L|0.63 %|0.63|%|2
1\u202f234\u2009567 shares => N|1\u202f234\u2009567|1234567|n|0
1\u00a0234,5 => L|1\u00a0234|1234|-|0 ; L|5|5|-|0
２,６６９.１６ => L|２,６６９.１６|2669.16|-|2
７.５３％ => L|７.５３％|7.53|%|2
7.53%¹² => L|7.53%|7.53|%|2
2,669.16² => L|2,669.16|2669.16|-|2
1,234,56 => L|1,234|1234|-|0 ; L|56|56|-|0
closed at 2000 => L|2000|2000|-|0
a target of 2000 => L|2000|2000|-|0
S&P at 2050 => L|2050|2050|-|0
the index rose to 2050 => L|2050|2050|-|0
lost 2% to 2050 => C|2%|-2|%|0 ; L|2050|2050|-|0
2000 points => L|2000 points|2000|pt|0
near the 2008 lows => D|2008
above 2019 levels => D|2019
2000 companies => N|2000|2000|n|0
$2000 => L|$2000|2000|$|0
2000% => L|2000%|2000|%|0
2000.5 => L|2000.5|2000.5|-|1
2,000 => L|2,000|2000|-|0
1899 => L|1899|1899|-|0
2101 => L|2101|2101|-|0
February 30, 2026 => L|30|30|-|0 ; D|2026
Feb. 30 => L|30|30|-|0
2026-02-30 => L|2026|2026|-|0 ; L|02|2|-|0 ; L|30|30|-|0
13/45/2026 => L|13|13|-|0 ; L|45|45|-|0 ; L|2026|2026|-|0
you may 5 times ask => L|5 times|5|x|0
January 5% => L|5%|5|%|0
in March 3.5 percent => L|3.5 percent|3.5|%|1
Q4 2,000 => D|Q4 ; L|2,000|2000|-|0
[12] and [3, 4] and [m3, p7] =>
gained {m3.return} against {m3.return_2} [m3] =>
[up 5%] => C|5%|5|%|0
{up 5% => C|5%|5|%|0
[1234] => L|1234|1234|-|0
the Nasdaq 100 points higher => C|100 points|100|pt|0
a note 5% above => C|5%|5|%|0
up5% => C|5%|5|%|0
$368bn due 2026 plus $341bn => L|$368bn|368000000000|$|0 ; D|2026 ; L|$341bn|341000000000|$|0
Dropped 2.22% to 2,189.23, down 10.35% => C|2.22%|-2.22|%|2 ; L|2,189.23|2189.23|-|2 ; C|10.35%|-10.35|%|2
At 12:37 PM 1,805.08 => M|12:37 PM ; L|1,805.08|1805.08|-|2
Dow 49,162.07 => L|49,162.07|49162.07|-|2
the 10-year yield at 4.82% => W|10-year ; L|4.82%|4.82|%|2
sold 20k shares => N|20k|20000|n|0
10K jobs => N|10K|10000|n|0
-$368bn => S|-$368bn|-368000000000|$|0
up $5.20 => S|$5.20|5.2|$|2
$250-$260 => L|$250|250|$|0 ; L|$260|260|$|0
rose 1.5x => L|1.5x|1.5|x|1
Nikkei 225 fell 2% => M|Nikkei 225 ; C|2%|-2|%|0
FY26 growth of 14.6% vs 13.8% => D|FY26 ; L|14.6%|14.6|%|1 ; L|13.8%|13.8|%|1
the 1990s and the 2010s => D|1990s ; D|2010s
from 1990 to 2022 => D|1990 ; D|2022
version 2.0 of it => L|2.0|2|-|1
1.2.3 => L|1.2|1.2|-|1 ; L|3|3|-|0
closed at 2,669 market makers said => L|2,669|2669|-|0
5,6,7 => L|5|5|-|0 ; L|6|6|-|0 ; L|7|7|-|0
1/2 percent => L|1/2 percent|0.5|%|1
two percent => L|two percent|2|%|0
twenty-five basis points => L|twenty-five basis points|25|bp|0
a hundred companies => N|a hundred|100|n|0
a ten percent correction => C|ten percent|-10|%|0
wait until 4:00 p.m. and buy 5 => M|4:00 p.m. ; L|5|5|-|0
5.78 percentage points, not 5.78 percent => L|5.78 percentage points|5.78|pp|2 ; L|5.78 percent|5.78|%|2
1. Small caps lead by 5 points => M|1. ; L|5 points|5|pt|0
"""

# The verb or phrase before "3%", and the sign it gives.
MOVES = """
up + | rose + | rises + | has risen + | rising + | gained + | gains + | gaining + | advanced +
climbed + | jumped + | surged + | rallied + | added + | increased + | soared + | spiked +
rebounded + | grew + | leapt + | higher + | a gain of + | an increase of + | upside of +
edged up + | ticked up + | up nearly + | up more than + | up another + | gained a solid +
down - | fell - | falls - | has fallen - | falling - | dropped - | declined - | lost - | losing -
slid - | slipped - | sank - | plunged - | tumbled - | slumped - | shed - | retreated - | dipped -
decreased - | eased - | shrank - | pulled back - | off - | lower - | a loss of - | a decline of -
a drop of - | a fall of - | a correction of - | a drawdown of - | edged down - | down about -
down at least - | lost a further - | fell by almost - | plunged over -
stood at 0 | yields 0 | is 0 | rose to 0 | fell to 0 | down from 0 | accounts for 0 | of 0
a return of 0 | makes up 0 | took up 0 | versus 0 | against 0 | dropped plans for 0
"""

# What follows "a 3%" or "3%", and the sign it gives.
MOVES_AFTER = """
gain + | rise + | advance + | rally + | jump + | surge + | increase + | rebound + | upside +
full-year gain + | higher + | above its average + | decline - | drop - | fall - | loss - | slide -
plunge - | slump - | pullback - | correction - | drawdown - | sell-off - | lower - | downside -
below its high - | year-to-date loss - | share 0 | yield 0 | of the gain 0 | in a rally 0
for the year 0 | discount 0 | and a drop 0
"""

NAMES = """
Russell 2000 | Russell 1000 | Russell 3000 | Russell 2500 | Russell-2000 | S&P 500 | S&P500
S&P-500 | S&P SmallCap 600 | S&P MidCap 400 | S&P 600 | S&P Composite 1500 | S&P 100 | Nasdaq-100
Nasdaq 100 | Dow 30 | FTSE 100 | FTSE 250 | Nikkei 225 | Stoxx 600 | STOXX Europe 600
Euro Stoxx 50 | DAX 40 | CAC 40 | ASX 200 | CSI 300 | Fortune 500 | Wilshire 5000 | Mag 7 | Mag-7
10-K | 10-Q | 8-K | 20-F | 401(k) | 403(b) | COVID-19 | Covid-19 | G7 | G20 | 5G | 1-800
1-800-FLOWERS | Form 4 | Form 13F | Form 10-K | Rule 144A | Rule 10b-5 | Section 232 | Chapter 11
Figure 3 | Table 2 | Exhibit 4 | page 12 | p. 12 | No. 1 | 9/11 | 24/7 | 3M | 7-Eleven | 13F | Y2K
F-150 | GPT-4 | DGS10 | SX5E | US10Y | m3 | p7 | 4:00 p.m. | 12:37 PM | 16:00 | 4 p.m. | 2s10s
https://example.com/2026/01/23/story-7 | www.example.com/a1 | 60/40
"""

WINDOWS = """
52-week | 20-day | 50-day | 200-day | 10-year | two-year | 30-year | three-month | 25-year
12-month | 63-session | one-year | five-year | 1-month | 90-day | 2-year | 24-hour | 10-yr | 10y
30Y | 100-day | 14-day | twenty-day | 50- and 200-day | 2- to 3-year | 20/50/200-day | 1,000-day
6-week | 20-trading-day | 52‑week | 10 year | 200 day | 12 month
"""

# TEXT = what is read of it: an ISO day, or the precision.
DATES = """
9/11/2001 = 2001-09-11 | 24/7/2026 = 2026-07-24
2026-01-23 = 2026-01-23 | 2026/01/23 = 2026-01-23 | January 23, 2026 = 2026-01-23
January 23 2026 = 2026-01-23 | Jan. 23, 2026 = 2026-01-23 | Jan 23, 2026 = 2026-01-23
23 January 2026 = 2026-01-23 | 23 Jan 2026 = 2026-01-23 | 23-Jan-2026 = 2026-01-23
23rd of January 2026 = 2026-01-23 | January 23rd, 2026 = 2026-01-23 | 1/23/2026 = 2026-01-23
01/23/2026 = 2026-01-23 | 1/23/26 = 2026-01-23 | 11/25/24 = 2024-11-25 | 23.01.2026 = 2026-01-23
13/1/2026 = 2026-01-13 | Sept. 5, 2024 = 2024-09-05 | September 5, 2024 = 2024-09-05
May 7, 1996 = 1996-05-07 | December 31, 1999 = 1999-12-31 | Feb 29, 2024 = 2024-02-29
March 1, 2025 = 2025-03-01 | June 3, 2025 = 2025-06-03 | July 4, 2025 = 2025-07-04
Jan 23 = 2031-01-23 | January 23 = 2031-01-23 | Jan. 23 = 2031-01-23 | 23 Jan = 2031-01-23
January 23rd = 2031-01-23 | April 10th = 2031-04-10 | May 7 = 2031-05-07 | 16 January = 2031-01-16
January 2026 = month | Jan 2026 = month | Jan '26 = month | May 2025 = month | 2026-01 = month
01/2026 = month | October of 2023 = month | Jan-26 = month | Q4 2025 = quarter | 4Q25 = quarter
Q4 = quarter | 1Q 2026 = quarter | Q1'26 = quarter | 4Q = quarter | Q3 FY26 = quarter
2025Q4 = quarter | fourth quarter of 2025 = quarter | third-quarter 2025 = quarter
first quarter 2026 = quarter | H1 2026 = year | 2H26 = year | H2 = year
second half of 2025 = year | 2026 = year | 1999 = year | 1900 = year | 2100 = year
fiscal 2026 = year | fiscal year 2026 = year | FY26 = year | FY2026 = year | CY2025 = year
2025/26 = year | 2025-26 = year | 1990s = year | 2020s = year | '90s = year | '08 = year
1990-2022 = year | 1990–2022 = year | 2011-12 = year | 2026E = year
"""

# TEXT = value of `approximate`, `bound`
HEDGES = """
about 12% = ~ | nearly 8% = ~ | roughly 12% = ~ | some 8% = ~ | almost 9% = ~ | around 2,540 = ~
approximately 7% = ~ | approx. 7% = ~ | close to 5% = ~ | near 18x = ~ | ~2.78% = ~ | circa 3% = ~
more than 14% = above | over 21% = above | greater than 3% = above | at least 3 cuts = above
north of 5% = above | upwards of 7% = above | in excess of 7% = above | exceeding 7% = above
no less than 7% = above | 50%+ = above | 10% or more = above | just over 8% = above
less than 4% = below | under 2% = below | fewer than 40 companies = below | at most 5% = below
no more than 5% = below | just shy of 2,576.31 = below | 5% or less = below
over 25 years = | under 14 sessions = | 12% = | above 20 = | exactly 12% = | below 2,601.58 =
"""

# Stated text | true value | unit (pp and bp as above) | whether it matches; two to a line
MATCHES = """
7.5% | 7.53 | percent | yes ; 7.5% | 7.5499 | percent | yes
7.5% | 7.45 | percent | yes ; 7.5% | 7.55 | percent | yes
7.5% | 7.56 | percent | no ; 7.5% | 7.44 | percent | no
7.53% | 7.53 | percent | yes ; 7.53% | 7.5349 | percent | yes
7.53% | 7.536 | percent | no ; 7.53% | 7.5 | percent | no
7.53 | 7.53 | percent | no ; 7.53% | 7.53 | pp | no
7.53 | 7.53 | pp | no ; 7.53% | 7.53 | ratio | no
7.53% | 0.0753 | ratio | no ; 14% | 13.8 | percent | yes
14% | 13.4 | percent | no ; 14% | 14.49 | percent | yes
14% | 14.6 | percent | no ; 5.8% | 5.78 | percent | yes
5.8% | 5.86 | percent | no ; 5.8 pp | 5.78 | pp | yes
5.8 pp | 5.78 | percent | no ; 5.78 percentage points | 5.7799 | pp | yes
5.78 percentage points | 5.7799 | points | no ; 5.8 points | 5.78 | pp | yes
5.8 points | 5.78 | points | yes ; 186.93 points | 186.93 | points | yes
186.93 points | 187.0 | points | no ; 2,669 points | 2669.16 | price | yes
up 187 points | 187.1 | points | yes ; up 187 points | 187.1 | price | no
50 basis points | 50 | bp | yes ; 50 basis points | 0.5 | pp | yes
50 basis points | 0.52 | pp | no ; 50 basis points | 0.5 | percent | no
50 bp | 50 | percent | no ; 2,669.16 | 2669.16 | price | yes
2,669.16 | 2669.1611 | price | yes ; 2,669.16 | 2669.17 | price | no
2,669 | 2669.16 | price | yes ; 2,669 | 2669.61 | price | no
2,669.16 | 2669.16 | percent | no ; 2,669.16 | 2669.16 | count | no
$264.87 | 264.87 | price | yes ; $264.87 | 264.87 | points | no
2.3 trillion | 2340000000000 | price | yes ; 2.3 trillion | 2360000000000 | price | no
$800 billion | 800400000000 | price | yes ; 18.2x | 18.24 | multiple | yes
18.2x | 18.24 | ratio | yes ; 18x | 18.24 | percent | no
22 times | 22.3 | multiple | yes ; P/E of 18.2 | 18.2 | multiple | yes
a beta of 1.2 | 1.21 | ratio | yes ; 14 sessions | 14 | sessions | yes
14 sessions | 14 | count | yes ; 14 sessions | 15 | sessions | no
14 sessions | 14 | percent | no ; fourteen sessions | 14 | sessions | yes
40 companies | 40 | count | yes ; a run of 14 | 14 | sessions | yes
its 14th session | 14 | sessions | yes ; its 14th session | 13 | sessions | no
1500 | 50 | price | no ; 1500 | 50 | count | no
150 sessions | 50 | sessions | no ; -1.82% | -1.82 | percent | yes
-1.82% | 1.82 | percent | no ; fell 1.8% | -1.82 | percent | yes
fell 1.8% | 1.82 | percent | no ; rose 1.8% | -1.82 | percent | no
rose 1.8% | 1.82 | percent | yes ; 1.82% | -1.82 | percent | yes
+0.0% | -0.04 | percent | yes ; a 1.8% decline | -1.82 | percent | yes
a 1.8% decline | 1.82 | percent | no ; about 12% | 11 | percent | yes
about 12% | 13 | percent | yes ; about 12% | 10.9 | percent | no
about 12% | 13.1 | percent | no ; about 2,500 | 2560 | price | yes
about 2,500 | 2700 | price | no ; about 2,501 | 2560 | price | no
more than 14% | 14.2 | percent | yes ; more than 14% | 14 | percent | yes
more than 14% | 13.8 | percent | no ; more than 14% | 17.5 | percent | yes
more than 14% | 18 | percent | no ; fell more than 3% | -3.4 | percent | yes
fell more than 3% | -2.9 | percent | no ; fell more than 3% | 3.4 | percent | no
at least 3 cuts | 4 | count | yes ; less than 4% | 3.5 | percent | yes
less than 4% | 4.1 | percent | no ; less than 4% | 2 | percent | no
over 25 years | 25 | count | yes ; a third of it | 0.331 | ratio | yes
a third of it | 33.1 | percent | no ; half of it | 0.46 | ratio | no
doubled | 1.97 | multiple | yes ; doubled | 1.9 | multiple | no
3-1/2 percent | 3.5 | percent | yes ; 3-1/2 percent | 3.6 | percent | no
2026 | 2026 | count | no ; Russell 2000 | 2000 | price | no
52-week | 52 | count | no ; January 23 | 23 | count | no
7.53% | nan | percent | no ; 7.53% | inf | percent | no
"""
