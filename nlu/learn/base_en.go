package learn

// fillersEn are words that make no pairs.
const fillersEn = "a an the my your our his her their i me you we it this that these those of to in on at for from with and or be do have please just some any so as by there here if would will"

// irregularEn gives the forms of words that do not follow the endings, the base form first.
const irregularEn = `be is are am was were been being im youre hes shes theyre its thats
have has had having ive youve weve
do does did done doing
go goes went gone going
get gets got gotten getting
make makes made making
take takes took taken taking
come comes came coming
send sends sent sending
lose loses losing
find finds found finding
pay pays paying
buy buys bought buying
sell sells sold selling
tell tells told telling
say says said saying
give gives gave given giving
keep keeps kept keeping
leave leaves left leaving
think thinks thought thinking
know knows knew known knowing
see sees saw seen seeing
write writes wrote written writing
speak speaks spoke spoken speaking
steal steals stole stealing
break breaks breaking
choose chooses chose chosen choosing
forget forgets forgetting
begin begins began begun beginning
withdraw withdraws withdrew withdrawn withdrawing
understand understands understood
hear hears heard hearing
meet meets met meeting
spend spends spending
fly flies flew flown flying
drive drives drove driven driving
eat eats ate eaten eating
drink drinks drank drunk drinking
wake wakes woke woken waking
ring rings rang rung ringing
swim swims swam
run runs ran running
hold holds held holding
show shows shown showing
put puts putting
let lets letting
set sets setting
feel feels felt feeling
bring brings brought bringing
teach teaches taught
win wins won winning
read reads reading
person persons people
child children
man men
woman women
foot feet
tooth teeth
`
