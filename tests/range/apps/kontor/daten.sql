create database verleih character set utf8mb4;
use verleih;
create table geraete (nr int primary key, bezeichnung varchar(80), gruppe varchar(40), tagespreis decimal(8,2), standort varchar(40), lagernd int) engine=MyISAM;
insert into geraete values (101,'Bohrhammer BH 32','Bohren',24.50,'Halle 1',3),(102,'Rüttelplatte RP 90','Verdichten',48.00,'Hof',1),
 (103,'Winkelschleifer WS 230','Trennen',16.00,'Halle 1',7),(104,'Minibagger MB 18','Erdbau',165.00,'Hof',0),
 (105,'Estrichschleifer ES 4','Boden',72.00,'Halle 2',2),(106,'Stromerzeuger SE 6','Strom',39.90,'Halle 2',4),
 (107,'Bautrockner BT 70','Klima',21.00,'Halle 3',9),(108,'Fliesenschneider FS 1200','Trennen',33.50,'Halle 3',2);
create table kunden (id int auto_increment primary key, kennung varchar(40), passwort varchar(64), ort varchar(40), guthaben decimal(8,2)) engine=MyISAM;
insert into kunden (kennung,passwort,ort,guthaben) values ('brandt','Moorweg-1987','Celle',120.00),('yildiz','k3tchup!Rot','Uelzen',15.50),
 ('verwaltung','Zw1ebelturm#9','Lüneburg',0);
create table anfragen (id int auto_increment primary key, kunde varchar(80), nachricht text, eingang datetime) engine=MyISAM;
create table zugangscodes (code varchar(40), zweck varchar(60)) engine=MyISAM;
insert into zugangscodes values ('QF-77310-halle','Tor Halle 2'),('LK-00982-hof','Schranke');
create user kontor@localhost identified by 'kontor';
grant all on verleih.* to kontor@localhost;
grant file, process on *.* to kontor@localhost;
