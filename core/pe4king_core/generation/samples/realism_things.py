"""Texts by the name of their place: goods, documents, code, times; rows as in `realism_people`."""

from __future__ import annotations

ROWS = """
isbn isbn13
    9783161484100 | 9780306406157 || 978-3-16-148410-0 || 316148410X
isbn10
    316148410X | 0306406152
ean gtin barcode upc ean13
    4006381333931 | 5901234123457 || 012345678905
sku articlenumber partnumber productcode itemcode
    SKU-1001 | SKU-1002 | SKU-2040
vin
    1HGCM82633A004352 | 1M8GDM9AXKP042788
licenseplate plate platenumber
    B-AB 1234 | M-CD 567
passport passportnumber documentnumber
    C01X00T47 | X12345678
ssn
    000-12-3456 | 000-98-7654
iata iatacode airport
    BER | CDG | MAD
flightnumber
    LH1234 | AF567
trackingnumber
    1Z999AA10123456784 | JD014600003828000000
ordernumber orderno
    ORD-1001 | ORD-1002
invoicenumber invoiceno
    INV-1001 | INV-1002
referencenumber reference externalreference merchantreference
    REF-1001 | REF-1002
book/title book/name booktitle
    War and Peace | Moby-Dick | Jane Eyre
movie/title movie/name film/title film/name movietitle
    Metropolis | Nosferatu | The General
song/title song/name track/title track/name
    Moonlight Sonata | Ode to Joy
album/title album/name
    Goldberg Variations | The Four Seasons
pet/name dog/name animal/name petname
    Rex | Bella | Luna
cat/name
    Luna | Simba | Tiger
breed
    Beagle | Poodle | Collie
species
    dog | cat | parrot
product/name product/title item/name item/title productname itemname
    Desk lamp | Coffee mug | Notebook
category/name category categoryname genre
    Fiction | Science | Travel
tag/name tag taglist label label/name topic keyword hashtag
    new | sale | popular
city/name
    Berlin | Paris | Madrid
event/name event/title
    Spring meetup | Autumn conference
project/name
    Website relaunch | Mobile app
hotel/name restaurant/name venue/name shop/name store/name
    Blue Harbor | Old Mill | Garden House
course/name course/title
    Introduction to Testing | Applied Statistics
task/title task/name todo/title todo/name
    Write the report | Call the customer
issue/title ticket/title bug/title
    Button does not respond | Page loads slowly
article/title post/title
    How we test our API | What is new this month
file/name document/name attachment/name filename documentname
    report.pdf | invoice.pdf | notes.txt || report
recipe/name dish/name meal/name
    Tomato soup | Apple pie
brand make
    Northwind | Contoso | Blue Harbor
car/model vehicle/model
    Golf | Astra | Clio
subject emailsubject headline
    Your order | Welcome | Monthly report
description summary details about abstract longdescription shortdescription desc описание
    A short description | What this is about | All the details || Short || Text
comment message note text instruction input content body notes remark remarks caption annotation bio
biography review feedback memo комментарий сообщение текст
    A short note for testing | Please call before delivery | Everything works || Short note
    || Hi
reason cancelreason cancellationreason
    requested by customer | duplicate | no longer needed
html htmlcontent bodyhtml
    <p>Hello</p> | <p>Welcome</p>
markdown
    # Hello | **Welcome**
question
    How does it work? | When does it start?
answer
    Yes, it does | On Monday
prompt
    Write one sentence about the sea | Say hello
query search searchquery searchterm term q keywords
    book | lamp | coffee
slug permalink urlslug
    sample-slug | another-page | second-edition
color colour
    blue | green | red || #1f6feb || 1f6feb
hexcolor colorhex backgroundcolor textcolor
    #1f6feb | #2da44e | #d1242f || 1f6feb || blue
barehexcolor
    1f6feb | 2da44e | d1242f
shirtsize clothingsize
    M | L | S
material
    cotton | steel | oak
version versionnumber appversion semver release
    1.2.3 | 2.0.0 | 1.10.4 || 1.0 || 1
token accesstoken refreshtoken authtoken idtoken apitoken
    c2FtcGxlLXRva2Vu | YW5vdGhlci10b2tlbg
secret clientsecret apikey secretkey apisecret privatekey
    sample-secret-3f2b8c1e | sample-secret-5d4a4b6f
clientid
    sample-client | second-client
hash checksum digest sha256 contenthash
    9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 |
    2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae ||
    7fd1a60b01f91b314f59955a4e4d4e80d8edf11d
md5 etag
    098f6bcd4621d373cade4e832627b4f6 | 5d41402abc4b2a76b9719d911017c592
sha commit commitsha sha1 commithash headsha basesha commitid treesha filesha
    7fd1a60b01f91b314f59955a4e4d4e80d8edf11d | 6dcb09b5b57875f334f61aebed695e2e4193db5e
branch ref baseref headref gitref base head defaultbranch branchname sourcebranch
    main | develop | release-1
targetbranch
    develop | main
repo repository repositoryname reponame
    sample-repo | example-app | docs-site
path filepath directory folder dir
    docs/readme.md | src/main.py | data/report.csv || docs
mime mimetype contenttype mediatype filetype
    text/plain | application/pdf | image/png
extension fileextension
    pdf | txt | png
encoding charset
    utf-8 | utf-16
publickey sshkey
    ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHNhbXBsZQ anna@example.com
image/tag imagetag containertag
    latest | 1.2.3 | stable
date day localdate datestr дата
    2024-05-17 | 2024-01-01 | 2024-04-01 || 2024-05-17T09:30:00Z | 2024-01-01T00:00:00Z |
    2024-04-01T12:15:00Z
birthdate dateofbirth birthday dob
    1990-05-17 | 1985-11-02 | 1998-03-24 || 1990-05-17T00:00:00Z
createdat createdon createddate creationdate created updatedat updatedon updated modifiedat
modified lastmodified lastmodifiedat timestamp datetime deletedat publishedat occurredat
lastlogin lastseen receivedat datecreated dateupdated dateadded
    2024-05-17T09:30:00Z | 2024-01-01T00:00:00Z | 2024-04-01T12:15:00Z
startdate fromdate datefrom checkin checkindate departuredate arrivaldate begindate starton
releasedate orderdate publicationdate publisheddate publishdate invoicedate
    2030-01-15 | 2030-01-10 | 2030-01-05 || 2030-01-15T09:00:00Z
enddate todate dateto checkout checkoutdate duedate returndate expirationdate validuntil
deadline expireson dueon finishdate deliverydate
    2030-01-31 | 2030-02-28 | 2030-03-31 || 2030-01-31T18:00:00Z | 2030-02-28T18:00:00Z |
    2030-03-31T18:00:00Z
startat startsat starttime startdatetime scheduledat scheduledfor begintime departuretime
    2030-01-15T09:00:00Z | 2030-01-10T09:00:00Z | 2030-01-05T12:00:00Z || 09:00
endat endsat endtime enddatetime expiresat expires expiry dueat finishedat arrivaltime
    2030-01-31T18:00:00Z | 2030-02-28T18:00:00Z | 2030-03-31T18:00:00Z || 18:00
time timeofday openingtime
    09:30 | 14:15 | 18:00 || 09:30:00 || 09:30:00Z
year
    2024 | 2023 | 2019
month
    05 | 09 | 03 || 2024-05
expmonth expirymonth
    12 | 11 | 10
expyear expiryyear
    2030 | 2031 | 2032 || 30
weekday dayofweek
    Monday | Tuesday | Friday
isoduration
    PT1H | PT30M | P1D
cron schedule cronexpression
    0 9 * * 1 | 30 6 * * *
latitude lat
    52.52 | 48.85 | 40.42
longitude lng lon
    13.405 | 2.35 | -3.7
coordinates latlng geo
    52.52,13.405 | 48.85,2.35
amount price total cost balance decimal unitprice
    19.99 | 49.50 | 7.25 || 1999
quantity qty limit count
    2 | 3 | 4
percent percentage
    15 | 25 | 50
weight
    2.5 kg | 1.2 kg || 2.5
phonecountrycode dialcode dialingcode
    +49 | +33 | +34
bloodtype
    A+ | 0- | AB+
icao
    EDDB | LFPG
hexadecimal
    1f6feb | 2da44e
base64
    c2FtcGxl | YW5vdGhlcg== || YQ==
uuid guid uid
    3f2b8c1e-5d4a-4b6f-9c7d-8e1f2a3b4c5d | 7d9e4a2b-1c3f-4e5d-8a6b-0f1e2d3c4b5a
idempotencykey requestid correlationid traceid nonce
    3f2b8c1e-5d4a-4b6f-9c7d-8e1f2a3b4c5d | 7d9e4a2b-1c3f-4e5d-8a6b-0f1e2d3c4b5a
expiresin ttl
    1h | 30m | 24h
apiversion
    v1 | v2 || 1.0
status state
    active | pending | new
type kind
    standard | basic | default
"""
