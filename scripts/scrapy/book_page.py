"""The book that a product page shows."""

RATINGS = ["Zero", "One", "Two", "Three", "Four", "Five"]


def book_on(response):
    main = response.css(".product_main")
    stars = main.css(".star-rating::attr(class)").get("").split()
    return {
        "title": main.css("h1::text").get(""),
        "price": main.css(".price_color::text").get(""),
        "availability": int(main.css(".availability").re_first(r"\((\d+) available\)", "0")),
        "rating": RATINGS.index(stars[-1]),
        "category": response.css(".breadcrumb li:nth-child(3) a::text").get(""),
        "upc": response.xpath('//th[.="UPC"]/following-sibling::td/text()').get(""),
        "description": response.css("#product_description + p::text").get(""),
        "url": response.url,
    }
