package learn

// sensesEn groups English words that stand in for each other when somebody asks a service for something: one group a line, words
// in their base form, the words of a phrase joined by a line below. Which group a word with several meanings stands in was decided by
// what customers mean by it. It was written for this program.
const sensesEn = `not no never none dont doesnt didnt isnt arent wasnt werent wont wouldnt cant cannot couldnt shouldnt havent hasnt hadnt without unable aint nor neither nothing
want wish desire wanna would_like like_to looking_for hope prefer keen
need require must necessary required have_to got_to gotta
can could able may allow permit possible possibility permitted allowed
should ought supposed advisable
show display view see look check list pull_up bring_up present reveal look_at glance
find locate search seek look_for look_up hunt discover spot
tell inform notify let_know advise report_to
explain describe clarify elaborate understand meaning mean definition define
help assist assistance support aid guide helping
know aware find_out learn figure_out wonder curious
why reason cause how_come due explanation
where location whereabouts place located position
when date time day
how_much amount quantity total sum figure
how_many number count
how_long duration length timeframe timescale lead_time
how_far distance
often frequency frequently regularly regular
start begin commence launch initiate kick_off open_up
stop end finish halt quit cease terminate discontinue conclude
cancel abort revoke call_off annul undo reverse void retract withdraw_from take_back rescind
continue resume proceed carry_on go_on keep_going
delete remove erase clear wipe get_rid eliminate drop take_off discard dispose trash
add insert include append put attach
create make_new set_up setup establish build generate compose
change modify update edit alter adjust amend revise switch convert swap replace correct
increase raise boost up_the turn_up louder higher more upper bump
decrease reduce lower turn_down quieter cut less lessen dim softer
activate enable switch_on turn_on start_up power_on unlock_it
deactivate disable switch_off turn_off shut_off power_off shut_down turn_out
block freeze lock suspend restrict ban stop_payment
unblock unfreeze unlock unlocked reactivate
open opened
close shut closed closing closure
arrive arrival come receive delivery deliver deliverable reach turn_up_at show_up get_here come_in land
send ship mail post dispatch forward transmit courier mailed
track trace tracking follow status progress whereabouts_of
order purchase buy acquire get shop shopping ordering
sell sale resell
pay payment paying paid settle pay_off transaction_fee pay_for
bill invoice statement bills
price cost expense expensive cheap rate fee charge charged pricing fees charges costs
refund reimburse reimbursement money_back chargeback repay give_back return_money
return send_back bring_back
discount coupon voucher deal offer promotion promo special sale_price
money cash fund funds dollars bucks currency_notes banknote
dollar usd euro eur pound gbp yen yuan
balance remaining left_over leftover available_funds
account profile acct
bank banking branch
card debit_card credit_card plastic visa mastercard amex
virtual disposable digital electronic online
physical real actual plastic_card tangible
atm cash_machine cashpoint machine cash_point
withdraw withdrawal take_out cash_out pull_out withdrew
deposit top_up topup topping load add_money put_in add_funds reload recharge
transfer wire remit remittance move send_money
exchange convert_currency forex exchange_rate currency fx foreign_exchange
pin passcode pincode pass_code
password credential login_details
identity id identification identify verify verification proof document authenticate kyc
passport visa_document license licence
name surname title
address residence street postcode zip zipcode
phone telephone mobile cell cellphone smartphone handset iphone android
call dial ring phone_call telephone_call
text sms message msg texted
email mail_message e_mail inbox gmail mailbox
contact address_book contacts reach_out get_in_touch
app application program software
computer laptop pc desktop mac
internet web online_site website site webpage wifi wi_fi network broadband
lost lose missing misplace misplaced cant_find gone
steal stolen theft thief rob robbed pickpocket nick mugged
fraud fraudulent scam unauthorized unauthorised suspicious hack hacked compromised compromise dodgy phishing
recognize recognise unfamiliar unknown familiar didnt_make strange unrecognized
broken break damage damaged crack cracked broke faulty defective malfunction snapped
fix repair mend solve resolve troubleshoot sort_out remedy
work function operate working functional
fail failed failure unsuccessful go_through not_work didnt_work went_wrong
error mistake wrong incorrect incorrectly erroneous glitch bug fault inaccurate messed_up
problem issue trouble difficulty matter complaint hassle
decline declined reject rejected deny denied refuse refused turned_down bounced
pending processing process in_progress outstanding waiting unresolved
wait delay slow late behind delayed overdue taking_forever hold_up take_so_long
expire expiry expiration expires expired run_out valid validity
renew renewal extend extension prolong
new fresh brand_new latest recent recently newest
old previous former past earlier prior
another second additional extra spare other
duplicate double twice repeated two_times two_charges
limit maximum max cap restriction highest minimum min threshold
country nation abroad overseas international foreign europe european uk us usa
travel trip vacation holiday journey travelling touring voyage getaway
flight plane airline fly airplane flying airfare airways
airport terminal gate
luggage suitcase baggage bag carry_on_bag
hotel motel room inn lodging accommodation hostel resort
reserve reservation book booking booked
restaurant cafe diner eatery bistro dine place_to_eat
eat food meal dinner lunch breakfast dish cuisine snack supper
cook recipe bake prepare cooking ingredient roast fry boil grill make_food
calorie nutrition nutritional healthy fat protein carb vitamin sugar
drink coffee tea beer wine beverage water juice latte espresso
pizza burger sushi taco chinese_food takeaway takeout take_away take_out_food carry_out delivery_food
weather forecast temperature rain snow sunny cloudy hot_outside cold_outside storm humidity wind umbrella raining degrees outside sun climate
warm hot heat heating heater
cold cool chilly freezing
traffic congestion jam rush_hour
direction route way navigate navigation map directions path
car vehicle auto automobile truck
gas petrol fuel gasoline diesel
tire tyre tires wheel
oil lubricant oil_change
taxi cab uber lyft ride
bus coach shuttle
train rail railway railroad subway metro tube
ticket pass fare
insurance coverage insured policy premium
doctor physician hospital clinic medical nurse
medicine drug pill prescription medication
sick ill illness unwell flu disease
tax irs taxes w2 taxation
salary income wage paycheck pay_check earnings pay_day payday wages
job work_place employment career occupation company_role
boss manager supervisor employer
meeting appointment conference get_together meet
calendar schedule agenda event plan diary itinerary
reminder remind remember memo dont_forget alert_me
alarm wake wake_up alarms snooze
timer countdown stopwatch
today tonight now currently present_day this_day
tomorrow next_day
yesterday day_before last_night
week weekly weekend weekdays
month monthly
year annual yearly
morning am dawn
evening night afternoon pm midnight
hour minute second_of_time
monday tuesday wednesday thursday friday saturday sunday
january february march april june july august september october november december
clock timezone time_zone
song music track_music tune melody playlist album artist band singer
play listen hear playing put_on_music
radio station fm broadcast
podcast episode series
movie film cinema show_movie theater theatre
tv television channel
video youtube clip
book_read novel audiobook read reading
news headline article breaking current_events newspaper
sport game match score team football basketball soccer baseball tennis
joke funny laugh humor humour hilarious
story tale
fact trivia interesting
poem poetry
birthday anniversary born age how_old
holiday_day christmas easter thanksgiving festival
friend buddy pal mate
family mother father mom dad parent sister brother wife husband son daughter kid child children
person people someone somebody anyone human agent representative operator
bot robot ai assistant artificial computer_program chatbot machine_person
hello hi hey greetings good_morning howdy yo
bye goodbye see_you farewell later take_care
thank thanks thankful grateful appreciate cheers
please kindly pls
sorry apologise apologize pardon excuse
yes yeah yep sure okay ok affirmative right_on correct_thing absolutely indeed certainly
no_way nope nah negative
maybe perhaps possibly unsure uncertain not_sure
good great nice excellent wonderful amazing awesome fantastic perfect brilliant best
bad terrible awful horrible poor worst dreadful
happy glad pleased satisfied content
angry mad upset annoyed furious frustrated
love adore enjoy like
hate dislike detest
big large huge great_size
small little tiny
fast quick quickly speed rapid soon asap immediately urgent instant instantly express hurry
light lamp bulb lights lighting
color colour hue red blue green
volume sound loud audio mute silent speaker
vacuum clean cleaner hoover cleaning roomba robot_cleaner
coffee_machine brew
plug socket outlet smart_plug
house home apartment flat property
rent lease landlord tenant
mortgage loan borrow debt lend lending
interest apr percentage apy
credit credit_score rating creditworthiness
invest stock share investment market shares dow nasdaq trading
save saving savings piggy
spend spending spent expenditure outgoings
budget finances financial
transaction purchase_made operation activity history
merchant seller shop_keeper store retailer vendor
contactless nfc tap tap_to_pay touchless
apple_pay google_pay samsung_pay applepay googlepay
direct_debit standing_order recurring subscription automatic autopay auto_payment
cheque checkbook chequebook
source origin come_from originate
beneficiary recipient payee receiver
link connect sync pair associate hook_up synchronize
register sign_up enroll join signup registration apply application_form
login log_in sign_in signin log_on access get_into
logout log_out sign_out
reset recover restore retrieve
forget forgot forgotten dont_remember cant_remember
guess try attempt
post_it publish tweet facebook twitter social_media instagram
translate translation interpret in_spanish in_french say_in language speak_language
spanish french german italian chinese japanese english portuguese russian korean
spell spelling
calculate compute math calculation divide multiply plus minus times subtract square_root sum_up
measure measurement convert_units unit inch cm foot feet mile kilometer meter
roll dice die
flip coin heads tails toss
random choose pick select
question ask query inquiry enquiry
answer reply respond response
repeat again once_more say_again one_more_time
todo to_do items checklist grocery groceries
item product article_of goods thing stuff
device gadget
battery charge_up power charging
camera photo picture image
gps navigation_system
nearby near close_by around closest nearest local vicinity
recommend suggest suggestion recommendation advice opinion idea
review rated stars reviews
popular famous well_known
eligible qualify entitled requirement criteria
age_limit minor under_18 teenager young
free complimentary no_cost gratis
extra_charge additional_fee surcharge hidden_fee
wrong_amount short less_than
top highest_rated
own mine belong
use utilize utilise usage using
live reside living
wash laundry washing dishes dish_washer dryer
bright brightness brighter brighten
dark darker dimmer
quiet mute_it silence
skip next_song pass_over
pause hold
shuffle mix_up
favorite favourite like_best
detail details information info data particulars
lately just_now
still yet so_far anymore any_longer
already by_now
seem appear look_like seems
happen occur take_place go_wrong
notice spot_it realize realise discover_that
approve approval approved authorize authorise authorization permission consent
confirm confirmation acknowledge double_check
expect suppose anticipate expected estimated
leave depart departure departing
full entire whole complete completed
empty blank
cheapest lowest_price best_price
accept take_cards supported support_card
type kind sort variety
different differ difference vary
same identical equal
step procedure instruction instructions process_for method manner
set_of_rules rule policy_of regulation
via through using_a by_means
within in_under inside
automatically automatic_way itself
swallow eat_card retain ate kept swallowed stuck
frozen blocked disabled locked_out
dispute contest challenge
revert reverted roll_back rolled
vanish disappear disappeared disappears
personal private own_data
company business firm corporation enterprise organisation organization
official formal
talk chat converse conversation discuss
voice accent speech
whisper softly
life existence
hobby pastime fun interest_in
birth_place born_in come_from_where grow_up
health fitness exercise workout
blood_pressure pulse
vaccination vaccine shot shots immunization jab
rollover roll_over
retirement 401k pension ira
pto paid_time_off time_off days_off leave_days vacation_days off_work
report_damage claim
engine motor transmission_gear
maintenance upkeep servicing tune_up
mpg mileage miles_per_gallon fuel_economy gas_mileage
battery_car jump jumpstart jump_start dead_battery
round_trip roundtrip return_trip
tourist attraction sightseeing sights landmark
road highway street_way freeway
party gathering celebration
government president election politics minister prime_minister
science physics chemistry biology history_subject
square_number squared cubed
subscription_plan package bundle
substitute alternative replace_in_recipe swap_for instead
expired_food go_bad spoil spoiled shelf_life last_in_fridge
temper mood feel feeling
difficult hard tough complicated
easy simple
busy crowded packed
available availability in_stock
safe security secure
insufficient not_enough too_little
original initial
unexpected surprising odd weird unusual
finally at_last eventually
accidentally by_accident unintentionally mistakenly by_mistake
move_house relocate moving
married marriage divorce wedding
`
